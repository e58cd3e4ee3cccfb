/** A relay tells what it saw as a latency server does. */
export { default } from '../latency/witness.ts';
