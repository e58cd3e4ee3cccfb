/** The finding of a benchmark that varies one number: where a larger one stops to pay, and what the current one loses. */
import { plain } from '../harness/findings/general.ts';
import { judgeBeside } from '../harness/findings/judge.ts';
import { batchesPerSecond, type GroupKnee, groupKnee } from '../harness/findings/knees.ts';
import { formatRatio, formatShare } from '../harness/findings/numbers.ts';
import { boundText, clipped, count, joinParts, longText, speedText } from '../harness/findings/wording.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { Row } from '../harness/model/row.ts';
import type { LatencyApi } from './api.ts';
import { hasValues, type Value } from './parameters.ts';

/** A larger value is worthwhile while it gains this share of throughput. */
const GAIN = 0.05;
const GAIN_TEXT = formatShare(GAIN);
/** A longer name of a parameter is cut in sentences. */
const LONGEST_NAME = 16;

/** What a sweep is about. */
export interface Sweep {
  /** The parameter that varies. */
  readonly name: string;
  /** The value that the code has today, as `{ concurrency: 20 }`; empty if it is not known. */
  readonly current: Readonly<Record<string, Value | undefined>>;
  readonly api: Pick<LatencyApi, 'capacity'>;
}

/**
 * Names the least value that no larger one beats by 5 %, and what the current one loses to it.
 *
 * @param own our rows, of which the baseline has no value
 * @returns null if no interval shows where that is
 */
export function sweepFinding(own: readonly Row[], { name, current, api }: Sweep): Finding | null {
  const rows = own.filter(({ baseline }) => !baseline);
  const knee = groupKnee('', rows, {
    limitOf: (row) => valueIn(row, name),
    perSecondOf: batchesPerSecond,
    gain: GAIN,
  });
  if (knee === null) return null;
  const now = name in current ? rows.find(({ parameters }) => hasValues(parameters, current)) : undefined;
  const called = clipped(name, LONGEST_NAME);
  const answer = now === undefined ? kneeAnswer(knee, called) : currentAnswer(knee, called, { now, name });
  const details = [kneeDetail(knee), capacityDetail(api, called), currentDetail(knee, now)];
  return { ...answer, details: details.filter((detail) => detail !== '') };
}

function kneeAnswer({ knee: { limit }, helps, isLargest }: GroupKnee, called: string): Finding {
  if (!helps)
    return plain(
      `No larger ${called} than ${limit} is measurably faster.`,
      `no larger ${called} than ${limit} is faster`,
    );
  if (isLargest)
    return plain(
      `More ${called} gained ${GAIN_TEXT} up to the largest tested: ${limit}.`,
      `${called} gains up to the largest tested: ${limit}`,
    );
  return plain(
    `Stop at ${called} ${limit}: no larger one tested gains ${GAIN_TEXT}.`,
    `stop at ${called} ${limit}`,
  );
}

/** What to do with the current value. */
function currentAnswer(
  { knee: { limit }, row, helps, isLargest }: GroupKnee,
  called: string,
  { now, name }: { readonly now: Row; readonly name: string },
): Finding {
  const value = valueIn(now, name);
  const keep = `keep ${called} ${value}`;
  if (now === row && !helps)
    return plain(
      `Keep ${called} ${value}: no larger one tested gains ${GAIN_TEXT}, and a smaller one may do.`,
      `${keep}: no larger one gains ${GAIN_TEXT}`,
    );
  if (now === row)
    return isLargest
      ? plain(
          `Keep ${called} ${value}, the best tested: a larger one may gain more.`,
          `${keep}, the largest tested`,
        )
      : plain(`Keep ${called} ${value}: no larger one tested gains ${GAIN_TEXT}.`, keep);
  const { verdict, ratio } = judgeBeside(now, row);
  if (verdict === 'slower') {
    const times = `${formatRatio(1 / ratio.value)} as long`;
    return plain(
      `Set ${called} to ${limit}: the current ${value} takes ${times}.`,
      `set ${called} to ${limit}: ${value} takes ${times}`,
    );
  }
  if (value < limit)
    return plain(
      `Keep ${called} ${value}: ${limit} is not measurably faster.`,
      `${keep}: ${limit} is not faster`,
    );
  if (verdict === 'faster') {
    const times = `${formatRatio(ratio.value)} as long`;
    return plain(`Keep ${called} ${value}: ${limit} takes ${times}.`, `${keep}: ${limit} takes ${times}`);
  }
  return plain(
    `Keep ${called} ${value}, or stop at ${limit}: the two are tied.`,
    `${keep}, or stop at ${limit}: tied`,
  );
}

function kneeDetail({ knee: { low, high }, row }: GroupKnee): string {
  return joinParts([
    `${row.variant} is ${speedText(row)}, at ${boundText(row)}.`,
    low === high ? null : `The value to stop at lies between ${low} and ${high}.`,
  ]);
}

function capacityDetail({ capacity }: Sweep['api'], called: string): string {
  if (capacity === undefined) return '';
  const rest = called === 'concurrency' ? '; more wait in its queue' : '';
  return `The API works on ${count(capacity, 'request')} at once${rest}.`;
}

function currentDetail({ row }: GroupKnee, now: Row | undefined): string {
  if (now === undefined) return '';
  const connections = `${now.variant}, the current one, used ${count(now.target.connections, 'connection')}`;
  if (now === row) return `${connections}.`;
  return judgeBeside(now, row).verdict === 'tied'
    ? `${connections}, and is tied with ${row.variant}.`
    : `${connections}, and takes ${longText(now, row)} as ${row.variant}.`;
}

function valueIn(row: Row, name: string): number {
  return Number(row.parameters[name]);
}
