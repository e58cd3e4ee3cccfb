/** Checks whether two runs can be compared, and lists differences that weaken a comparison. */
import { isDeepStrictEqual } from 'node:util';
import { controlOf, distrustOf } from '../../findings/control.ts';
import { finishedRounds } from '../../findings/finished.ts';
import { commandText } from '../../installation.ts';
import type { Warning } from '../../model/row.ts';
import type { RunRecord } from '../../record/schema.ts';
import { joinNames } from '../text.ts';

/** The runs cannot be compared; the message is one sentence. */
export class Incomparable extends Error {}

/** One experiment in both runs. */
export interface RecordPair {
  readonly before: RunRecord;
  readonly after: RunRecord;
}

/** The experiments with finished rounds in both runs, in the order of the later run. */
export function pairRecords(before: readonly RunRecord[], after: readonly RunRecord[]): RecordPair[] {
  return after.flatMap((record) => {
    const earlier = before.find(({ experiment }) => experiment.id === record.experiment.id);
    const both = earlier !== undefined && [earlier, record].every((one) => finishedRounds(one).length > 0);
    return both ? [{ before: earlier, after: record }] : [];
  });
}

/**
 * Refuses two records of one experiment that did other work.
 *
 * @throws Incomparable
 */
export function refuseOtherWork({ before, after }: RecordPair): void {
  const { id } = after.experiment;
  if (before.profile !== after.profile)
    throw new Incomparable(
      `${id} ran in profile ${before.profile} before and ${after.profile} now: other work.`,
    );
  if (!isDeepStrictEqual([before.parameters, before.targets], [after.parameters, after.targets]))
    throw new Incomparable(`${id} ran with other parameters before than now: other work.`);
  for (const variant of after.variants) {
    const earlier = before.variants.find((other) => nameOf(other) === nameOf(variant));
    const [repeatsBefore, repeatsNow] = [earlier?.repeats ?? 1, variant.repeats ?? 1];
    if (earlier !== undefined && repeatsBefore !== repeatsNow)
      throw new Incomparable(
        `${id}: ${nameOf(variant)} ran ${repeatsBefore} times a round before and ${repeatsNow} now: other work.`,
      );
    if (earlier !== undefined && earlier.jobs !== variant.jobs)
      throw new Incomparable(
        `${id}: ${nameOf(variant)} did ${earlier.jobs} jobs before and ${variant.jobs} now: other work.`,
      );
  }
  refuseOtherTarget({ before, after });
}

/** Refuses different targets; a server of --target has settings that no experiment knows. */
function refuseOtherTarget({ before, after }: RecordPair): void {
  const { id } = after.experiment;
  const placeOf = ({ remote, givenTargets = [] }: RunRecord) => {
    if (remote !== undefined) return `the target at ${remote.origin}`;
    return givenTargets.length === 0 ? 'a target of its own' : 'that of DATABASE_URL';
  };
  const isOwn = ({ remote, givenTargets = [] }: RunRecord) =>
    remote === undefined && givenTargets.length === 0;
  if (isOwn(before) !== isOwn(after))
    throw new Incomparable(
      `${id} waited on ${placeOf(before)} before and on ${placeOf(after)} now: other work.`,
    );
  const [was, is] = [before.remote?.settings, after.remote?.settings];
  if (was === undefined || is === undefined || isDeepStrictEqual(was, is)) return;
  const differing = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => was[name] !== is[name],
  );
  const changes = differing.map(
    (name) => `${name} ${was[name] ?? 'unset'} before, ${is[name] ?? 'unset'} now`,
  );
  throw new Incomparable(`${id} waited on a target with other settings (${changes.join('; ')}): other work.`);
}

/**
 * Refuses speedups over different baselines.
 *
 * @throws Incomparable
 */
export function refuseOtherBaselines({ before, after }: RecordPair): void {
  for (const { group, id, baseline } of after.variants) {
    const earlier = before.variants.find((other) => other.baseline && other.group === group);
    if (baseline && earlier !== undefined && earlier.id !== id)
      throw new Incomparable(
        `The baseline of ${joinNames([after.experiment.id, group], ', ')} was ${earlier.id} before and is ${id} now, ` +
          'so that speedups cannot be compared.',
      );
  }
}

/** The differences of two runs besides their code, over all common experiments; `paired` runs ran here in turn. */
export function differences(pairs: readonly RecordPair[], paired: boolean): Warning[] {
  const found = pairs.flatMap(({ before, after }) => {
    const factsBefore = factsOf(before);
    return Object.entries(factsOf(after))
      .map(([what, is]) => ({ what, was: factsBefore[what]!, is, experiment: after.experiment.id }))
      .filter(({ was, is }) => was !== is);
  });
  const same = Map.groupBy(found, ({ what, was, is }) => JSON.stringify([what, was, is]));
  return [...same.values()].map((members) => {
    const { what, was, is } = members[0]!;
    const names = members.map(({ experiment }) => experiment).join(', ');
    const where = members.length === pairs.length ? '' : ` (${names})`;
    return {
      what: `The runs differ in ${what}${where}: ${was} before, ${is} now.`,
      remedy: paired
        ? 'Both ran here; an older commit may record less.'
        : `Measure both on one machine: ${commandText('compare', '--base REF')}.`,
    };
  });
}

/** Warnings for each of two runs that cannot be trusted, by its pairs of identical variants. */
export function distrust(before: readonly RunRecord[], after: readonly RunRecord[]): Warning[] {
  const warningOf = (which: string, records: readonly RunRecord[]) => {
    const warning = distrustOf(controlOf(records));
    return warning === null
      ? []
      : [{ ...warning, what: warning.what.replace('This run', `The run ${which}`) }];
  };
  return [...warningOf('before', before), ...warningOf('now', after)];
}

/** The facts that should be the same for both runs, by their names in a sentence. */
function factsOf({ environment, remote, targetVersions = {} }: RunRecord): Record<string, string> {
  const { node, cpu, os, undici } = environment;
  return {
    Node: node.split('.')[0]!,
    'the processor': cpu.model,
    'the number of cores': String(cpu.count),
    'the system': `${os.platform} ${os.arch}`,
    undici: undici.installed,
    'the environment variables': variablesIn(environment),
    'the proxy of the clients': remote?.keepProxy === true ? 'kept' : 'none',
    'the address of the target': remote?.origin ?? 'none',
    'the release of the target': [remote?.version, ...Object.values(targetVersions)].join(' ').trim(),
    'whether the settings of the target are known':
      remote !== undefined && remote.settings === undefined ? 'no' : 'yes',
  };
}

/** The variables that may have affected the measurement; some are stored without their values. */
function variablesIn({ variables }: RunRecord['environment']): string {
  const set = Object.entries(variables?.set ?? {});
  const texts = set.map(([name, value]) => (value === null ? name : `${name}=${value}`));
  return texts.length === 0 ? 'none' : texts.sort().join(' ');
}

function nameOf({ group, id }: RunRecord['variants'][number]): string {
  return joinNames([group, id], ', ');
}
