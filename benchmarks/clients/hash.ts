import { hashSync } from 'bcrypt';

/** The messages to and from a worker thread; times in ms since 1970, the same clock in all threads. */
export interface HashTask {
  readonly job: number;
  readonly cost: number;
}
export interface HashDone {
  readonly hash: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The hash of a job's password. Its salt depends on the job's id only, so the same job has the same hash. */
export function hashOf({ job, cost }: HashTask): string {
  return hashSync(`overlap ${job}`, saltText(job, cost));
}

/** The salt of a job as the beginning of its hash, for programs that expect this format. */
export function saltText(job: number, cost: number): string {
  const digits = saltOf(job).toString('base64').replace(/=+$/, '');
  const text = digits.replace(/./g, (digit) => BCRYPT_DIGITS[BASE64_DIGITS.indexOf(digit)]!);
  return `$2b$${String(cost).padStart(2, '0')}$${text}`;
}

const BASE64_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** bcrypt's alphabet of base 64. */
const BCRYPT_DIGITS = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function saltOf(job: number): Buffer {
  const salt = Buffer.alloc(16);
  salt.writeUInt32BE(job + 1);
  return salt;
}
