/** A private key with its certificate, both PEM. */
export interface Credentials {
  readonly key: string;
  readonly cert: string;
}

/** Longer than any run, and short enough that the certificate is soon worthless. */
const VALID_DAYS = 7;

/**
 * Makes a certificate for this machine's loopback names and addresses; its key never leaves the process.
 *
 * @throws one sentence if the library for it is not installed: the npm package leaves it to those who use TLS
 */
export async function createCredentials(): Promise<Credentials> {
  const { generate } = await import('selfsigned').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error('TLS needs the package selfsigned, which is not installed: add it with npm install.');
  });
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
