/** The usual code without a limiter. */
export { batches as default } from '../batches.ts';
