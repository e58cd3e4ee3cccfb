/**
 * Sends requests for `few-files.ts`, one connection each, in a separate process with a low open-file limit. It ends when
 * its parent ends.
 */
import { Agent, request } from 'undici';
import type { FewFilesAnswer, FewFilesRequest } from './few-files.ts';

const agent = new Agent();

process.once('disconnect', () => process.exit(0));
process.on('SIGINT', () => {});
process.on('message', async ({ job, url }: FewFilesRequest) => {
  const answer: FewFilesAnswer = { job, attempt: await send(url) };
  process.send?.(answer);
});
process.send?.('ready');

async function send(url: string): Promise<FewFilesAnswer['attempt']> {
  try {
    const { statusCode, body } = await request(url, { dispatcher: agent });
    const text = await body.text();
    return statusCode === 200 ? { kind: 'served', text } : { kind: 'failed', code: `HTTP${statusCode}` };
  } catch (error) {
    return { kind: 'failed', code: (error as NodeJS.ErrnoException).code ?? 'UNKNOWN' };
  }
}
