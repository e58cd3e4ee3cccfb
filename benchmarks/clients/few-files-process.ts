/**
 * Sends requests for `few-files.ts`, one connection each, in a separate process with a low open-file limit. It ends when
 * its parent ends.
 */
import { Agent, request } from 'undici';
import type { FromFewFiles, ToFewFiles } from './few-files.ts';
import type { Attempt } from './outcomes.ts';

let agent = new Agent();
const say = (message: FromFewFiles) => process.send?.(message);

process.once('disconnect', () => process.exit(0));
process.on('SIGINT', () => {});
process.on('message', async (message: ToFewFiles) => {
  if (message.type === 'request') {
    say({ type: 'answer', job: message.job, attempt: await send(message.url) });
    return;
  }
  await agent.destroy();
  agent = new Agent();
  say({ type: 'ready' });
});
say({ type: 'ready' });

async function send(url: string): Promise<Attempt> {
  try {
    const { statusCode, body } = await request(url, { dispatcher: agent });
    const text = await body.text();
    return statusCode === 200 ? { kind: 'served', text } : { kind: 'failed', code: `HTTP${statusCode}` };
  } catch (error) {
    return { kind: 'failed', code: (error as NodeJS.ErrnoException).code ?? 'UNKNOWN' };
  }
}
