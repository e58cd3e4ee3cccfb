import type { Batch } from '../../harness/model/job.ts';

/**
 * A batch of tasks that do nothing and end in the next microtask, so that only the scheduling takes time. A task that
 * starts while `limit` others run fails the batch.
 */
export function openTasks(tasks: number, limit: number): Batch {
  let running = 0;
  const send = async () => {
    running += 1;
    if (running > limit) throw new Error(`${running} tasks run at once, and the limit is ${limit}`);
    await null;
    running -= 1;
    return '';
  };
  return {
    jobs: Array.from({ length: tasks }, (_, id) => ({ id, send })),
    cancel() {},
    async close() {},
  };
}
