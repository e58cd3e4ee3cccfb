/** Keeps one core busy until its parent kills it or ends. */
import { endWithParent } from '../../harness/measure/process/watchdog.ts';

endWithParent();
process.send?.({ type: 'ready' });
setImmediate(() => {
  for (;;);
});
