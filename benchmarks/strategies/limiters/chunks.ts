/** What people write who know no limiter. */
export { batches as default } from '../batches.ts';
