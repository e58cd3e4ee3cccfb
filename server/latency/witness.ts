import { Client } from 'undici';
import type { Evidence, TargetAddress, Witness } from '../../harness/model/target.ts';
import type { Stats } from './observations.ts';
import type { Trace } from './trace.ts';

/** Gets the evidence of a latency server over HTTP; each method throws if the server does not answer. */
export default function openWitness({ origin, certificate }: TargetAddress): Witness {
  const client = new Client(origin, { connect: { ca: certificate ?? undefined }, allowH2: false });
  const ask = async (method: 'GET' | 'DELETE', path: string) => {
    const { statusCode, body } = await client.request({ method, path });
    if (statusCode >= 300) throw new Error(`The target answered ${statusCode} to ${method} ${path}.`);
    return method === 'GET' ? body.json() : body.dump();
  };
  const stats = async () => (await ask('GET', '/stats')) as Stats;
  return {
    forget: async () => void (await ask('DELETE', '/stats')),
    inFlight: async () => (await stats()).inFlight,
    async evidence(): Promise<Evidence> {
      const { peakInFlight, connections } = await stats();
      const { timeOriginMs, forgotten, requests, failure } = (await ask('GET', '/trace')) as Trace &
        Pick<Evidence, 'failure'>;
      if (forgotten > 0)
        throw new Error(
          `The target kept ${requests.length} of ${forgotten + requests.length} requests, too few to check the sample; let it have fewer jobs.`,
        );
      const seen = { timeOriginMs, requests, peakInFlight, connections };
      return failure === undefined ? seen : { ...seen, failure };
    },
  };
}
