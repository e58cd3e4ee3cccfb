import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { usageText } from '../harness/installation.ts';
import { describeEnvironment } from '../harness/measure/process/environment.ts';
import { pathForPeople } from '../harness/path.ts';
import type { Project } from '../harness/project.ts';
import { createStatusLine } from '../harness/report/progress.ts';
import { drawTable } from '../harness/report/table.ts';
import { TERMINAL_WIDTH, wrapText } from '../harness/report/text.ts';
import { type Budget, budgetOf, budgetText, hasConsent, isHere } from '../harness/tune/budget.ts';
import { userAgent } from '../harness/tune/http-jobs.ts';
import { WorkError } from '../harness/tune/job-source.ts';
import { LIMIT_HEADINGS, limitCells, limitRows } from '../harness/tune/limit-rows.ts';
import { arrivalSentences } from '../harness/tune/open-loop-words.ts';
import { runTune, type TuneRun } from '../harness/tune/run-tune.ts';
import { answerOf, type TuneAnswer } from '../harness/tune/tune-answer.ts';
import { TUNE_VERSION, type TuneRecord, writeTuneRecord } from '../harness/tune/tune-record.ts';
import { answerSentence, reasonSentence } from '../harness/tune/tune-words.ts';
import { type NamedWork, workOf } from '../harness/tune/work-of.ts';
import { VERSION } from '../server/latency/version.ts';
import type { Io } from './command.ts';
import { directoryOf, openDirectory } from './directory.ts';
import { setTuneAside } from './previous.ts';
import type { TuneOptions } from './tune.ts';

/**
 * Runs a search, and prints and writes what it found.
 *
 * @throws one sentence if the work cannot be used, is not allowed, or gave no figure
 */
export async function tune(project: Project, what: string, options: TuneOptions, io: Io): Promise<void> {
  const { query, method, header, body } = options;
  const named = workOf(what, { query, method, header, body, userAgent: userAgent(VERSION) });
  const directory = directoryOf('--out', options.out, join(project.results, 'tune'));
  const given = {
    ...(options.max === undefined ? {} : { most: options.max }),
    ...(options.requests === undefined ? {} : { requests: options.requests }),
    ...(options.seconds === undefined ? {} : { seconds: options.seconds }),
  };
  const allowElsewhere = (places: string): Budget => {
    const budget = budgetOf(given, false);
    if (hasConsent(given, options.yes === true)) return budget;
    const again = `${usageText('tune')} ${what} --yes --requests ${budget.requests}`;
    throw new WorkError(`${budgetText(budget, places)} Nothing was tuned: to allow that, run ${again}`);
  };
  const here = named.host === null || (await isHere(named.host));
  const budget = here ? budgetOf(given, true) : allowElsewhere(named.host!);
  openDirectory('--out', directory);
  const seed = options.seed ?? randomInt(2 ** 32);
  const environment = await describeEnvironment(project);
  if (options.json !== true) io.warn(budgetText(budget, named.name));
  const line = createStatusLine('at most');
  const run = await runTune({
    work: named.work,
    budget,
    seed,
    jobLimitMs: options.jobLimit,
    arrivals: options.arrivals === true,
    signal: io.signal,
    allow: (elsewhere) => (here && elsewhere.length > 0 ? allowElsewhere(elsewhere.join(', ')) : budget),
    show({ limit, phase, round }, leftMs) {
      if (options.json !== true)
        line.show(`${phase}${round === undefined ? '' : `, round ${round}`}: ${limit} at once`, '', leftMs);
    },
  }).finally(line.stop);
  const answer = answerOf(run.steps, run.budget.most);
  const words =
    answer === null
      ? []
      : [answerSentence(answer), reasonSentence(answer), ...arrivalSentences(run.arrivals)];
  const record = recordOf(run, { named, seed, jobLimitMs: options.jobLimit, environment, words });
  setTuneAside(directory, project.results);
  writeTuneRecord(directory, record);
  if (answer === null) {
    if (run.ending === 'interrupted') throw io.signal.reason;
    throw new WorkError(whyNothing(run));
  }
  if (options.json === true) io.print(answerJson(answer, run));
  else for (const text of shown(run, words, directory)) io.print(text);
  if (options.report === 'off') return;
  const { writeTune } = await import('../harness/report/tune/write-tune.ts');
  const leftOut = await writeTune(directory, record);
  if (options.json !== true && leftOut !== null) io.warn(leftOut);
}

/** `--json`: the answer alone. */
function answerJson({ limit, low, high, reason }: TuneAnswer, { requests, seconds }: TuneRun): string {
  return JSON.stringify({ limit, low, high, reason, requests, seconds: Math.round(seconds * 10) / 10 });
}

function* shown(run: TuneRun, words: readonly string[], directory: string): Generator<string> {
  const [answer = '', ...rest] = words;
  yield answer;
  for (const sentence of rest) yield wrapText(sentence, TERMINAL_WIDTH).join('\n');
  yield '';
  yield drawTable([LIMIT_HEADINGS, ...limitRows(run.steps).map(limitCells)]);
  yield '';
  const cut = {
    found: '',
    interrupted: ' Interrupted.',
    requests: ' The budget of requests is used up.',
    seconds: ' The time is used up.',
  };
  yield `${run.requests} requests in ${run.seconds.toFixed(1)} s.${cut[run.ending]} Every job is in ${pathForPeople(join(directory, 'tune.json'))}.`;
}

function whyNothing({ steps, ending }: TuneRun): string {
  const first = steps[0]?.figures;
  if (first?.refusal)
    return `Nothing could be measured: the target refuses one at a time (${first.refusal.what}).`;
  if (first?.failure)
    return `Nothing could be measured: of ${first.jobs} jobs, one at a time, ${first.failed} failed (${first.failure}).`;
  return ending === 'requests'
    ? 'Nothing could be measured: --requests allows too few.'
    : 'Nothing could be measured: --seconds allows too little time for one step.';
}

function recordOf(
  run: TuneRun,
  known: {
    named: NamedWork;
    seed: number;
    jobLimitMs: number;
    environment: TuneRecord['environment'];
    words: readonly string[];
  },
): TuneRecord {
  const { named, words, ...rest } = known;
  return {
    schemaVersion: TUNE_VERSION,
    target: { kind: named.work.kind, name: named.name },
    ...rest,
    ...(structuredClone(run) as Pick<
      TuneRecord,
      'budget' | 'ending' | 'requests' | 'seconds' | 'requestsOfJob' | 'steps' | 'arrivals'
    >),
    words: [...words],
  };
}
