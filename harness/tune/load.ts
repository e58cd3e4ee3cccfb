/**
 * The process that generates load: it opens the work, runs steps when it is told, and knows nothing of the search. The
 * user's module runs here, so that it can neither hang nor end the search. It ends when its parent ends.
 */
import { endWithParent } from '../measure/process/watchdog.ts';
import { runArrivals } from './arrivals.ts';
import { runClosedLoop } from './closed-loop.ts';
import { type JobSource, type Work, WorkError } from './job-source.ts';
import type { FromLoad, ToLoad } from './messages.ts';
import { watchTraffic } from './traffic.ts';

const say = (message: FromLoad) => process.send?.(message);

process.once('disconnect', () => process.exit(0));
endWithParent();
// Ctrl-C reaches the whole process group; the parent decides what it means.
process.on('SIGINT', () => {});
// A promise that a module lost must not end the search.
process.on('unhandledRejection', () => {});

const traffic = watchTraffic();
let source: JobSource | null = null;
let requestsOfJob = 1;

process.on('message', (message: ToLoad) => {
  answer(message).catch((error: Error) => {
    const isKnown = error instanceof WorkError;
    say({ type: 'failed', message: isKnown ? error.message : `The load failed: ${error.message}.` });
  });
});
say({ type: 'ready' });

async function answer(message: ToLoad): Promise<void> {
  switch (message.type) {
    case 'open': {
      const opened = await open(message.work, message.jobLimitMs);
      source = opened.source;
      requestsOfJob = opened.requestsOfJob;
      const requests = traffic.read().requests;
      say({ type: 'opened', elsewhere: [...traffic.elsewhere], requestsOfJob, requests });
      return;
    }
    case 'step': {
      const measured = await runClosedLoop(source!, traffic, { ...message.options, requestsOfJob });
      say({ type: 'stepped', measured });
      return;
    }
    case 'arrive': {
      const measured = await runArrivals(source!, traffic, { ...message.options, requestsOfJob });
      say({ type: 'arrived', measured });
      return;
    }
    case 'leave':
      await source?.close().catch(() => {});
      process.exit(0);
  }
}

async function open(
  work: Work,
  jobLimitMs: number,
): Promise<{ readonly source: JobSource; readonly requestsOfJob: number }> {
  const trying = () => void say({ type: 'trying' });
  switch (work.kind) {
    case 'http': {
      const { openHttpJobs } = await import('./http-jobs.ts');
      trying();
      return { source: await openHttpJobs(work, AbortSignal.timeout(jobLimitMs)), requestsOfJob: 1 };
    }
    case 'postgresql': {
      const { openPostgresqlJobs } = await import('./postgresql-jobs.ts');
      trying();
      return { source: await openPostgresqlJobs(work), requestsOfJob: 1 };
    }
    case 'module': {
      const { openModuleJobs } = await import('./module-jobs.ts');
      const opened = await openModuleJobs(work, traffic, jobLimitMs, trying);
      return { source: opened, requestsOfJob: opened.requestsOfJob };
    }
  }
}
