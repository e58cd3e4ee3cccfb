import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Old objects are collected when there are this many more bytes of them: a full collection takes as long as many samples. */
const OLD_GARBAGE_BYTES = 4 * 1024 ** 2;

/**
 * Makes a function to call before each sample. It collects what the last one left: young objects always, old ones when they
 * are many, before V8 would in a sample.
 */
export function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: (options?: { type: 'minor' }) => void = runInNewContext('gc');
  const usedBytes = () => {
    const { used_heap_size, external_memory } = getHeapStatistics();
    return used_heap_size + external_memory;
  };
  let leastBytes = 0;
  return () => {
    collect({ type: 'minor' });
    if (usedBytes() - leastBytes < OLD_GARBAGE_BYTES) return;
    collect();
    leastBytes = usedBytes();
  };
}
