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
  const salt = Buffer.alloc(16);
  salt.writeUInt32BE(job + 1);
  return hashSync(`overlap ${job}`, cost, salt);
}
