/** What `bench` does with plans in files: it writes one, or finds its own part of one. */
import { join } from 'node:path';
import type { CatalogEntry } from '../harness/measure/plan/catalog.ts';
import { checkShard, shardOfEngine } from '../harness/measure/plan/engines.ts';
import { type PlannedExperiment, planRun } from '../harness/measure/plan/plan.ts';
import type { Shard } from '../harness/measure/plan/shard.ts';
import {
  checkWork,
  planHash,
  readPlan,
  writePlan,
  writtenPlan,
} from '../harness/measure/plan/written-plan.ts';
import { describeEnvironment } from '../harness/measure/process/environment.ts';
import { findTargetKinds } from '../harness/measure/process/target-kinds.ts';
import { pathForPeople } from '../harness/path.ts';
import type { Project } from '../harness/project.ts';
import { readRecords } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import { VERSION } from '../server/latency/version.ts';
import { EXIT, type Io } from './command.ts';
import { type Asked, planAgain, planNew, requestOf } from './planning.ts';

/** A part as the command line gives it; `auto` leaves it to the engine. */
export type GivenShard = Shard | 'auto';

/** Resolves `auto`, without a plan. @throws one sentence if the engine tells no total */
export function shardGiven(shard: GivenShard): Shard {
  if (shard !== 'auto') return shard;
  const { number, of } = shardOfEngine();
  if (of === undefined)
    throw new Error(
      '--shard auto needs --plan here, because the engine does not tell how many parts there are.',
    );
  return { number, of };
}

/** Writes a plan of the run that is asked for, and says what it deals out. */
export async function writePlanFile(
  project: Project,
  catalog: readonly CatalogEntry[],
  {
    asked,
    file,
    shards,
    earlier,
  }: { asked: Asked; file: string; shards: number | undefined; earlier: string },
  io: Pick<Io, 'print'>,
): Promise<number> {
  const environment = await describeEnvironment(project);
  const plans = await planRun({
    catalog,
    kinds: findTargetKinds(project.targets),
    request: requestOf(asked),
    environment,
  });
  const plan = writtenPlan(plans, shards ?? plans.length, {
    overlap: VERSION,
    commit: environment.git?.commit ?? null,
    rounds: asked.rounds ?? null,
    earlier: readRecords(earlier),
  });
  writePlan(file, plan);
  const lengths = plan.shards.map((part) => part.reduce((sum, { estimateMs }) => sum + estimateMs, 0));
  io.print(
    `${pathForPeople(file)} deals ${plans.length} experiments out to ${plan.shards.length} parts; ` +
      `the longest takes about ${Math.ceil(Math.max(...lengths) / 1000)} s.`,
  );
  return EXIT.done;
}

/** A run that follows a plan. */
export interface PlannedPart {
  readonly asked: Asked;
  /** The part's own folder in the folder of all parts; empty for the whole plan. */
  readonly folder: string;
}

/**
 * Reads a plan, and finds the part that runs here.
 *
 * @param given its file, and the part; the whole plan if that is undefined
 * @throws one sentence if the plan is not of this checkout, has no such part, or an option contradicts it
 */
export async function partOfPlan(
  project: Project,
  catalog: readonly CatalogEntry[],
  asked: Asked,
  given: { readonly file: string; readonly shard: GivenShard | undefined },
): Promise<PlannedPart> {
  const environment = await describeEnvironment(project);
  const plan = readPlan(given.file, { overlap: VERSION, commit: environment.git?.commit ?? null });
  const { profile, rounds, seed, until } = plan;
  refuseOther(asked, { profile, rounds: rounds ?? undefined, seed, until: until?.share });
  const shard = given.shard === 'auto' ? shardOfEngine() : given.shard;
  if (shard !== undefined) checkShard(shard, plan.shards.length);
  const shards = plan.shards.map((part) => part.map(({ experiment }) => experiment));
  const followed: Asked = {
    ...asked,
    names: shard === undefined ? shards.flat() : shards[shard.number - 1]!,
    profile,
    rounds: rounds ?? undefined,
    seed,
    until: until?.share,
    within: until?.withinMinutes ?? asked.within,
    plan: {
      hash: planHash(plan),
      shards,
      ...(shard === undefined ? {} : { shard: shard.number }),
      ...(shard !== undefined && 'engine' in shard ? { engine: String(shard.engine) } : {}),
    },
  };
  const kinds = findTargetKinds(project.targets);
  checkWork(plan, await planRun({ catalog, kinds, request: requestOf(followed), environment }));
  return { asked: followed, folder: shard === undefined ? '' : `shard-${shard.number}` };
}

/** @throws one sentence if the command line says something else than the plan */
function refuseOther(asked: Asked, plan: Pick<Asked, 'profile' | 'rounds' | 'seed' | 'until'>): void {
  const [name] = asked.names;
  if (name !== undefined) throw new Error(`The plan names its experiments; leave ${name} out.`);
  for (const option of ['profile', 'rounds', 'seed', 'until'] as const)
    if (asked[option] !== undefined && asked[option] !== plan[option])
      throw new Error(`--${option} contradicts the plan; leave it out, or write another plan.`);
}

/**
 * Plans to resume a part: experiments with a record go on, and the others begin.
 *
 * @throws one sentence if the folder has a run of another plan, or as `planAgain`
 */
export async function resumePart(
  project: Project,
  catalog: readonly CatalogEntry[],
  directory: string,
  asked: Asked,
): Promise<PlannedExperiment[]> {
  const earlier = readRecords(directory);
  const other = earlier.find((record) => !isOfPlan(record, asked.plan));
  if (other !== undefined)
    throw new Error(
      `${directory} has ${other.experiment.id} of another plan or part; choose another --out, or leave --resume out.`,
    );
  const begun = earlier.map(({ experiment }) => experiment.id);
  const left = asked.names.filter((name) => !begun.includes(name));
  const again =
    begun.length === 0 ? [] : await planAgain(project, catalog, directory, { ...asked, names: begun });
  const fresh = left.length === 0 ? [] : await planNew(project, catalog, { ...asked, names: left });
  const all = [...again, ...fresh];
  return catalog.flatMap(({ id }) => all.filter(({ entry }) => entry.id === id));
}

function isOfPlan({ plan }: RunRecord, asked: RunRecord['plan']): boolean {
  return plan?.hash === asked?.hash && plan?.shard === asked?.shard;
}

/** Where the parts of a plan go by default. */
export function partsFolder({ results }: Project): string {
  return join(results, 'shards');
}
