import { generate } from 'selfsigned';

/** A private key with its certificate, both PEM. */
export interface Credentials {
  readonly key: string;
  readonly cert: string;
}

/** Longer than any run, and short enough that the certificate is soon worthless. */
const VALID_DAYS = 7;

/** Makes a certificate for this machine's loopback names and addresses; its key never leaves the process. */
export async function createCredentials(): Promise<Credentials> {
  const notBefore = new Date(Date.now() - 60_000);
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    notBeforeDate: notBefore,
    notAfterDate: new Date(notBefore.getTime() + VALID_DAYS * 24 * 3_600_000),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}
