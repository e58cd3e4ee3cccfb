/** Engines that run a command on many machines, and how each tells a machine which part is its own. */
import type { Shard } from './shard.ts';

/** One engine. */
interface Engine {
  /** Its name, as people write it. */
  readonly name: string;
  /** The variable of the part's number. */
  readonly index: string;
  /** The number of the first part. */
  readonly from: 0 | 1;
  /** The variable of how many parts there are; null if the engine does not tell, or tells something else. */
  readonly total: string | null;
  /** What runs parts again, given their numbers as this engine counts them. */
  again(numbers: string): string;
}

/** By the names that records keep. */
const ENGINES: Readonly<Record<string, Engine>> = {
  slurm: {
    name: 'Slurm',
    index: 'SLURM_ARRAY_TASK_ID',
    // The array says where it starts; in a plan it starts at 1.
    from: 1,
    // SLURM_ARRAY_TASK_COUNT is smaller where single parts run again.
    total: null,
    again: (numbers) => `submit the array again with --array=${numbers}`,
  },
  kubernetes: {
    name: 'Kubernetes',
    index: 'JOB_COMPLETION_INDEX',
    from: 0,
    total: null,
    again: (numbers) => `run the completion indexes ${numbers} of the Job again`,
  },
  gitlab: {
    name: 'GitLab',
    index: 'CI_NODE_INDEX',
    from: 1,
    total: 'CI_NODE_TOTAL',
    again: (numbers) => `retry the jobs with CI_NODE_INDEX ${numbers}`,
  },
  buildkite: {
    name: 'Buildkite',
    index: 'BUILDKITE_PARALLEL_JOB',
    from: 0,
    total: 'BUILDKITE_PARALLEL_JOB_COUNT',
    again: (numbers) => `retry the jobs with BUILDKITE_PARALLEL_JOB ${numbers}`,
  },
  circleci: {
    name: 'CircleCI',
    index: 'CIRCLE_NODE_INDEX',
    from: 0,
    total: 'CIRCLE_NODE_TOTAL',
    again: (numbers) => `rerun the containers with CIRCLE_NODE_INDEX ${numbers}`,
  },
  'aws-batch': {
    name: 'AWS Batch',
    index: 'AWS_BATCH_JOB_ARRAY_INDEX',
    from: 0,
    total: 'AWS_BATCH_JOB_ARRAY_SIZE',
    again: (numbers) => `run the array indexes ${numbers} again`,
  },
  'cloud-run': {
    name: 'Cloud Run',
    index: 'CLOUD_RUN_TASK_INDEX',
    from: 0,
    total: 'CLOUD_RUN_TASK_COUNT',
    again: (numbers) => `run the tasks with CLOUD_RUN_TASK_INDEX ${numbers} again`,
  },
};

/** The part that an engine gives to this machine. */
export interface ToldShard {
  /** The engine, as records keep it. */
  readonly engine: string;
  /** From 1. */
  readonly number: number;
  /** Undefined if the engine does not tell. */
  readonly of: number | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads which part of a run the engine gives to this machine.
 *
 * @param variables those of this process; replaced in tests only
 * @throws one sentence outside of any engine, within two of them, or if a variable makes no sense
 */
export function shardOfEngine(variables: Variables = process.env): ToldShard {
  const here = Object.entries(ENGINES).filter(([, { index }]) => (variables[index] ?? '') !== '');
  const [found, second] = here;
  if (found === undefined)
    throw new Error(
      `--shard auto found no engine: none of ${Object.values(ENGINES)
        .map(({ index }) => index)
        .join(', ')} is set; give the part, as --shard 1/4.`,
    );
  if (second !== undefined)
    throw new Error(
      `--shard auto found both ${found[1].name} and ${second[1].name}; give the part, as --shard 1/4.`,
    );
  const [engine, { name, index, from, total }] = found;
  if (engine === 'slurm' && variables.SLURM_ARRAY_TASK_MIN === '0')
    throw new Error('--shard auto counts Slurm tasks from 1; submit the array with --array=1-N.');
  const number = wholeNumber(variables[index]!, index) - from + 1;
  const of = total === null ? totalOfSlurm(engine, variables) : wholeNumber(variables[total] ?? '', total);
  if (number < 1 || (of !== undefined && number > of))
    throw new Error(
      `--shard auto: ${index} is ${variables[index]}, which ${name} cannot mean as one of ${of ?? 'its'} parts.`,
    );
  return { engine, number, of };
}

/** An array that has all of its tasks from 1 tells how many there are; another may be a part of one. */
function totalOfSlurm(
  engine: string,
  { SLURM_ARRAY_TASK_COUNT: count, SLURM_ARRAY_TASK_MAX: max, SLURM_ARRAY_TASK_MIN: min }: Variables,
): number | undefined {
  return engine === 'slurm' && min === '1' && count === max && count !== undefined
    ? wholeNumber(count, 'SLURM_ARRAY_TASK_COUNT')
    : undefined;
}

function wholeNumber(text: string, variable: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new Error(`--shard auto: ${variable} must be a whole number, and is ${JSON.stringify(text)}.`);
}

/**
 * Checks a part against a plan.
 *
 * @param of how many parts the plan has
 * @throws one sentence if the plan has no such part, or the engine runs another number of parts
 */
export function checkShard(shard: Partial<ToldShard> & Pick<Shard, 'number'>, of: number): void {
  const { engine, number } = shard;
  const isPartOfSlurm = engine === 'slurm' && number <= of;
  const told = isPartOfSlurm ? undefined : shard.of;
  if (number <= of && (told === undefined || told === of)) return;
  const which =
    engine === undefined ? `--shard ${number}/${told ?? '?'}` : `${ENGINES[engine]!.name}'s part ${number}`;
  throw new Error(
    `${which} does not fit the plan, which has ${of} part${of === 1 ? '' : 's'}; run ${of} of them.`,
  );
}

/**
 * What a person does to run parts again, in the words of their engine.
 *
 * @param engine as records keep it; undefined if the parts were given by hand
 * @param numbers from 1
 * @param of how many parts there are
 */
export function runAgain(engine: string | undefined, numbers: readonly number[], of: number): string {
  const known = engine === undefined ? undefined : ENGINES[engine];
  if (known === undefined)
    return `run ${numbers.map((number) => `--shard ${number}/${of}`).join(' and ')} again`;
  return known.again(numbers.map((number) => number - 1 + known.from).join(','));
}
