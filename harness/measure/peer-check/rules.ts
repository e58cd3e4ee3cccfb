/** The rules of docs/peer-protocol.md, word for word: a failed check quotes its rule. */
export const RULES = {
  start: 'The first line says what the peer can do, or which library it lacks.',
  answer: 'Each command gets exactly one line as its answer, and nothing else goes to stdout.',
  patience: 'Every answer comes within 30 seconds, the first line included.',
  connections:
    'A peer opens as many connections as ordered before it answers `open`, and none later, unless it says why in `reconnects`.',
  requests:
    'The target sees each job exactly once, with its number and the `run`, and never more requests in flight than `limit`.',
  wall: "`wallMs` is in milliseconds by a monotonic clock: no less than the target's holds allow, no more than Overlap waited.",
  cpu: '`cpuMs` is in milliseconds, too: no more than all cores together have in that time.',
  checksum:
    'The checksum is chained: begin with 0, and for each result take `crc32(bytes of the result, checksum so far)`.',
  close: 'After `close` no connection to the target stays open.',
  errors: 'Whatever goes wrong ends the peer: it says why on stderr and exits with a code other than 0.',
  stdin: 'When stdin ends, the peer ends with exit code 0.',
  stdout: 'When its stdout has no reader, the peer ends as soon as it has something to say.',
  interrupt: 'From its first line on, the peer ignores SIGINT.',
  parent: 'When its parent is gone, the peer ends within seconds, even in the middle of a batch.',
} as const;

/** A peer broke a rule; the message says what it did, in one sentence. */
export class RuleBroken extends Error {
  readonly rule: string;

  constructor(what: string, rule: string) {
    super(what);
    this.rule = rule;
  }
}
