/** A plan in a file: what a run measures, and how its experiments are dealt out to machines. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { RunRecord } from '../../record/schema.ts';
import { writeFileWhole } from '../../whole-file.ts';
import { estimateMs, type PlannedExperiment } from './plan.ts';
import { deal } from './shard.ts';

/** Increases when older releases would misread a plan. */
const PLAN_VERSION = 1;

const Closed = { additionalProperties: false };

const WrittenPlanSchema = Type.Object(
  {
    planVersion: Type.Literal(PLAN_VERSION),
    /** The release of Overlap that wrote it. */
    overlap: Type.String(),
    /** The commit of the project, or null without one. */
    commit: Type.Union([Type.String(), Type.Null()]),
    profile: Type.String(),
    rounds: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
    until: Type.Union([
      Type.Object(
        { share: Type.Number({ exclusiveMinimum: 0 }), withinMinutes: Type.Integer({ minimum: 1 }) },
        Closed,
      ),
      Type.Null(),
    ]),
    seed: Type.Integer({ minimum: 0, maximum: 0xffff_ffff }),
    /** The parts, each with its experiments: how long each takes, and a hash of its rows and settings. */
    shards: Type.Array(
      Type.Array(
        Type.Object(
          { experiment: Type.String(), estimateMs: Type.Number({ minimum: 0 }), work: Type.String() },
          Closed,
        ),
        { minItems: 1 },
      ),
      { minItems: 1 },
    ),
  },
  Closed,
);

/** A plan in a file. */
export type WrittenPlan = Static<typeof WrittenPlanSchema>;

/** Where a plan is from: another release or commit has other experiments. */
export type PlanOrigin = Pick<WrittenPlan, 'overlap' | 'commit'>;

/**
 * Makes a plan that a file can hold.
 *
 * @param plans those of all experiments of the run, without peers and without a remote server
 * @param of how many parts; at most one for each experiment
 * @param earlier records of a last run, which tell how long experiments take
 * @throws one sentence if there are more parts than experiments
 */
export function writtenPlan(
  plans: readonly PlannedExperiment[],
  of: number,
  {
    earlier,
    rounds,
    ...origin
  }: PlanOrigin & Pick<WrittenPlan, 'rounds'> & { readonly earlier: readonly RunRecord[] },
): WrittenPlan {
  if (of > plans.length)
    throw new Error(
      `--shards ${of} is more than the ${plans.length} experiments; each part has at least one.`,
    );
  const { profile, seed, until = null } = plans[0]!.record;
  const durations = new Map(
    plans.map((plan) => {
      const last = earlier.find(({ experiment }) => experiment.id === plan.entry.id);
      return [plan, Math.round(estimateMs(plan, last))];
    }),
  );
  const durationMs = (plan: PlannedExperiment) => durations.get(plan)!;
  const shards = deal(plans, of, durationMs).map((part) =>
    part.map((plan) => ({ experiment: plan.entry.id, estimateMs: durationMs(plan), work: workOf(plan) })),
  );
  return { planVersion: PLAN_VERSION, ...origin, profile, rounds, until, seed, shards };
}

/** A hash of the rows of an experiment and of what they run with. */
export function workOf({ record }: Pick<PlannedExperiment, 'record'>): string {
  const { parameters, rounds, warmUpRounds, targets } = record;
  const variants = record.variants.filter(({ peer }) => peer === null);
  return hashOf({ parameters, rounds, warmUpRounds, targets, variants }).slice(0, 16);
}

/** The hash that the records of a plan keep; spaces in the file do not change it. */
export function planHash(plan: WrittenPlan): string {
  return hashOf(plan);
}

function hashOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Writes a plan whole. @throws one sentence if the file cannot be written */
export function writePlan(file: string, plan: WrittenPlan): void {
  writeFileWhole(file, `${JSON.stringify(plan, null, 2)}\n`);
}

/**
 * Reads a plan, and checks that it was written here.
 *
 * @param here the release and the commit of this checkout
 * @throws one sentence if the file is not a plan, or one of another version, release or commit
 */
export function readPlan(file: string, here: PlanOrigin): WrittenPlan {
  const value = parse(file);
  const version = (value as { planVersion?: unknown } | null)?.planVersion;
  if (version !== undefined && version !== PLAN_VERSION)
    throw new Error(
      `${file} is a plan of version ${JSON.stringify(version)}, and this Overlap reads version ${PLAN_VERSION}.`,
    );
  if (!Value.Check(WrittenPlanSchema, value)) {
    const [fault] = Value.Errors(WrittenPlanSchema, value);
    throw new Error(
      `${file} is not a plan: ${fault?.instancePath || 'the whole'} ${fault?.message ?? 'is wrong'}.`,
    );
  }
  if (value.overlap !== here.overlap)
    throw new Error(
      `${file} was written by Overlap ${value.overlap}, and this is ${here.overlap}; write the plan again.`,
    );
  if (value.commit !== null && here.commit !== null && value.commit !== here.commit)
    throw new Error(
      `${file} was written at commit ${value.commit.slice(0, 9)}, and this checkout is at ${here.commit.slice(0, 9)}; check that commit out, or write the plan again.`,
    );
  return value;
}

function parse(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`The plan ${file} cannot be read: ${(error as Error).message}.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${file} is not a plan, because it is not JSON.`);
  }
}

/** @throws one sentence if experiments have other rows or settings than the plan says */
export function checkWork(plan: WrittenPlan, plans: readonly PlannedExperiment[]): void {
  for (const { experiment, work } of plan.shards.flat()) {
    const own = plans.find(({ entry }) => entry.id === experiment);
    if (own !== undefined && workOf(own) !== work)
      throw new Error(`${experiment} has other rows or settings than the plan says; write the plan again.`);
  }
}
