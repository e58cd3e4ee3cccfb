import { hashSync } from '@node-rs/bcrypt';

/** What a worker thread is asked for, and what it answers; times in ms since 1970, which threads agree on. */
export interface HashTask {
  readonly job: number;
  readonly cost: number;
}
export interface HashDone {
  readonly hash: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The hash of a job's password. Its salt follows from the job's id, so that the same job has the same hash. */
export function hashOf({ job, cost }: HashTask): string {
  return inOneVersion(hashSync(`overlap ${job}`, cost, saltOf(job)));
}

/** The salt of a job as the text that a hash begins with, for programs that take it so. */
export function saltText(job: number, cost: number): string {
  const digits = saltOf(job).toString('base64').replace(/=+$/, '');
  const text = digits.replace(/./g, (digit) => BCRYPT_DIGITS[BASE64_DIGITS.indexOf(digit)]!);
  return `$2b$${String(cost).padStart(2, '0')}$${text}`;
}

const BASE64_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** bcrypt writes the same digits with other characters. */
const BCRYPT_DIGITS = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function saltOf(job: number): Buffer {
  const salt = Buffer.alloc(16);
  salt.writeUInt32BE(job + 1);
  return salt;
}

/** The library calls the version 2y that others call 2b; both are the same algorithm. */
function inOneVersion(hash: string): string {
  return hash.replace('$2y$', '$2b$');
}
