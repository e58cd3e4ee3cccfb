/** What `bench` does once it is to measure; a module of its own, since `--list` needs none of what measuring loads. */
import { join } from 'node:path';
import { warningText } from '../harness/findings/warnings.ts';
import { withWords } from '../harness/findings/words.ts';
import { runPlans } from '../harness/measure/conduct/run-plans.ts';
import type { CatalogEntry } from '../harness/measure/plan/catalog.ts';
import type { PlannedExperiment } from '../harness/measure/plan/plan.ts';
import type { Warning } from '../harness/model/row.ts';
import type { Project } from '../harness/project.ts';
import { readRecords, writeRecord } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import { isPrecise } from '../harness/report/precision.ts';
import { createProgressDisplay } from '../harness/report/progress.ts';
import type { Summary } from '../harness/report/summary.ts';
import { keepBaseline } from './baseline.ts';
import type { BenchOptions } from './bench.ts';
import { openInBrowser } from './browser.ts';
import { EXIT, Interrupted, type Io } from './command.ts';
import { directoryOf, openDirectory } from './directory.ts';
import { type Asked, checkProfile, planAgain, planNew } from './planning.ts';
import { makeRoom } from './previous.ts';
import { showResults } from './results.ts';
import { partOfPlan, partsFolder, resumePart, shardGiven, writePlanFile } from './written-plans.ts';

/** What a person asked for. */
export interface BenchRequest {
  readonly options: BenchOptions;
  /** Names of experiments; all of them if empty. */
  readonly names: readonly string[];
  /** Whether these stand on the command line, and are no defaults. */
  readonly peersGiven: boolean;
  readonly withinGiven: boolean;
}

/** Plans, measures and reports; returns the exit code. @throws in one sentence if the request cannot be met */
export async function runBench(
  project: Project,
  catalog: readonly CatalogEntry[],
  { options, names, peersGiven, withinGiven }: BenchRequest,
  io: Io,
): Promise<number> {
  const { signal } = io;
  if (options.open && options.report === 'off')
    throw new Error('--open shows the page, which --report off leaves out.');
  refuseOfPlan(options);
  const { python, runtime, plan: planFile, shard: given, ...others } = options;
  const programs = { ...(python === undefined ? {} : { python }), ...runtime };
  const wanted: Asked = { ...others, programs, names, peersGiven };
  checkProfile(project, wanted.profile);
  const latest = join(project.results, 'latest');
  if (options.writePlan !== undefined) {
    const { writePlan: file, shards } = options;
    return writePlanFile(project, catalog, { asked: wanted, file, shards, earlier: latest }, io);
  }
  const part =
    planFile === undefined
      ? { asked: { ...wanted, shard: given && shardGiven(given) }, folder: '' }
      : await partOfPlan(project, catalog, wanted, { file: planFile, shard: given });
  const { asked, folder } = part;
  const byDefault = folder === '' ? latest : partsFolder(project);
  const out = join(directoryOf('--out', options.out, byDefault), folder);
  const plan = options.resume ? (planFile === undefined ? planAgain : resumePart) : planNewIn;
  const plans = await plan(project, catalog, out, asked);
  if (plans.length === 0) {
    io.print('There are more shards than experiments, so this shard has no experiment.');
    return EXIT.done;
  }

  if (options.resume) openDirectory('--out', out);
  else makeRoom('--out', out, project.results, io);
  for (const { record } of plans) writeRecord(out, record);
  for (const warning of plans[0]!.record.environment.warnings) io.warn(`Warning: ${warningText(warning)}`);
  const startMs = performance.now();
  const noticed: Warning[] = [];
  const take = (warning: Warning) => void noticed.push(warning);
  const stopped = await measure(plans, out, {
    within: withinGiven ? options.within : undefined,
    noticed: take,
    signal,
  });
  for (const warning of noticed) io.warn(`Warning: ${warningText(warning)}`);
  const summary = await showResults(catalog, out, io, {
    written: options.report === 'on',
    tables: options.tables === true || names.length === 1,
    latest,
    elapsedMs: performance.now() - startMs,
  });

  if (stopped instanceof Interrupted) {
    io.warn('Interrupted; the finished rounds are saved, and --resume continues the run.');
    return EXIT.interrupted;
  }
  if (stopped !== undefined) io.warn(`Error: ${stopped.message}`);
  const errored = summary.experiments.filter(({ status }) => status === 'errored');
  if (stopped === undefined) for (const { reason } of errored) io.warn(`Error: ${reason}`);
  if (options.open) await openPage(out, io);
  if (errored.length > 0) return EXIT.error;
  if (options.saveBaseline !== undefined) saveBaseline(project, out, options.saveBaseline, { summary, io });
  return EXIT.done;
}

/** A new run needs nothing of its folder. */
const planNewIn: typeof planAgain = (project, catalog, _out, asked) => planNew(project, catalog, asked);

/** @throws one sentence if options about plans exclude one another */
function refuseOfPlan({ writePlan, plan, shard, shards, resume, target }: BenchOptions): void {
  if (shards !== undefined && writePlan === undefined) throw new Error('--shards needs --write-plan.');
  if (writePlan === undefined) return;
  const excluded = { '--plan': plan, '--shard': shard, '--resume': resume, '--target': target };
  const given = Object.entries(excluded).find(([, value]) => value !== undefined);
  if (given !== undefined)
    throw new Error(`--write-plan measures nothing; give ${given[0]} when the plan runs.`);
}

function saveBaseline(
  { results }: Project,
  out: string,
  name: string | true,
  { summary, io }: { summary: Summary; io: Io },
): void {
  if (!summary.trusted)
    throw new Error('The run is not saved as a baseline, because it cannot be trusted; run it again.');
  keepBaseline(readRecords(out), join(results, name === true ? 'baseline' : name), results, io);
}

/** Opens the page; without a browser it only warns, since the run has succeeded. */
async function openPage(out: string, io: Io): Promise<void> {
  try {
    await openInBrowser(join(out, 'report.html'));
  } catch (error) {
    io.warn(`Warning: ${(error as Error).message}`);
  }
}

interface MeasureOptions {
  /** In minutes, if it stands on the command line. */
  readonly within: number | undefined;
  noticed(warning: Warning): void;
  readonly signal: AbortSignal;
}

/** Runs the plans and shows the progress; returns the reason of an interruption, if any. */
async function measure(
  plans: readonly PlannedExperiment[],
  out: string,
  { within, noticed, signal }: MeasureOptions,
): Promise<Error | undefined> {
  const display = createProgressDisplay();
  const completed = (record: RunRecord, { experiment }: CatalogEntry) => withWords(record, experiment);
  const until = plans.find(({ record }) => record.until !== undefined)?.record.until;
  const minutes = within ?? until?.withinMinutes;
  const stopping =
    until === undefined || minutes === undefined
      ? {}
      : { enough: (record: RunRecord) => isPrecise(record, until.share), withinMs: minutes * 60_000 };
  try {
    return await runPlans(plans, out, { progressed: display.show, noticed, completed, ...stopping }, signal);
  } finally {
    display.stop();
  }
}
