/** Keeps one core busy until its parent ends it or is gone. */
import { endWithParent } from '../../harness/measure/process/watchdog.ts';

endWithParent();
process.send?.({ type: 'ready' });
setImmediate(() => {
  for (;;);
});
