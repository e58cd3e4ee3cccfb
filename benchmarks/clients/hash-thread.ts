/** A worker thread of `openHashesInThreads`. */
import { type HashDone, type HashTask, hashOf } from './hash.ts';

const nowMs = () => performance.timeOrigin + performance.now();

export default function hash(task: HashTask): HashDone {
  const fromMs = nowMs();
  return { hash: hashOf(task), fromMs, toMs: nowMs() };
}
