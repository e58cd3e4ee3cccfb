import { Agent, get } from 'node:http';
import { promisify } from 'node:util';
import type { Batch, Callback } from '../../harness/model/job.ts';
import type { SampleTarget } from '../../harness/model/target.ts';
import { jobPath } from './exchange.ts';
import type { Crawl } from './undici-crawl.ts';

/**
 * The same batch as that of `openCrawl`, with Node's own client and its callbacks, over plain HTTP.
 *
 * @throws if the connections cannot be opened
 */
export async function openNodeHttpCrawl(target: SampleTarget, crawl: Crawl): Promise<Batch> {
  const { requests, delayMs, connections } = crawl;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const call = (path: string) => (done: Callback<string>) => getText(target.origin + path, agent, done);
  await Promise.all(Array.from({ length: connections }, () => promisify(call('/delay/1'))()));
  return {
    jobs: Array.from({ length: requests }, (_, id) => {
      const callJob = call(jobPath(target, delayMs, id));
      return { id, call: callJob, send: promisify(callJob) as () => Promise<string> };
    }),
    cancel: () => agent.destroy(),
    close: async () => agent.destroy(),
  };
}

/** Gets the body of an answer with callbacks, by default over Node's own agent; a status other than 200 is an error. */
export function getText(url: string, agent: Agent | undefined, done: Callback<string>): void {
  const request = get(url, { agent }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.once('error', done);
    response.on('data', (chunk) => {
      text += chunk;
    });
    response.on('end', () => {
      if (response.statusCode === 200) done(null, text);
      else done(new Error(`The target answered ${response.statusCode} to ${url}: ${text}`));
    });
  });
  request.once('error', done);
}
