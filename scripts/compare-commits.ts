/** `compare --base`: two states of a project, measured now, in turn. */
import { join } from 'node:path';
import { withWords } from '../harness/findings/words.ts';
import type { BothSides } from '../harness/measure/checkout/alternate.ts';
import { type CatalogEntry, experimentOf, loadCatalog } from '../harness/measure/plan/catalog.ts';
import { planTargets } from '../harness/measure/plan/planned-targets.ts';
import { findTargetKinds } from '../harness/measure/process/target-kinds.ts';
import { writeRecord } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import { nameOf } from '../harness/report/comparison/compared-rows.ts';
import type { Comparison } from '../harness/report/comparison/comparison.ts';
import { withBaselines, withControls, withRepeats } from '../harness/report/comparison/further-rows.ts';
import { confirm, doubtedRows, regressedRows } from '../harness/report/comparison/verdicts.ts';
import { openCheckouts } from './checkouts.ts';
import { warnOfBroken } from './command.ts';
import type { Asked } from './compare.ts';
import { directoryOf } from './directory.ts';
import { measureBoth } from './measure-both.ts';
import { makeRoom } from './previous.ts';

/**
 * Measures a commit and this checkout in alternating rounds. What regressed is measured again, unless it is surely twice as
 * slow, or `--no-confirm` says otherwise.
 *
 * @param base a name of a commit, see `openCheckouts`
 * @param names of experiments; all of them where empty
 * @throws in one sentence if a side cannot be had or measured, or under `--strict` cannot be compared
 */
export async function compareCommits(
  base: string,
  names: readonly string[],
  asked: Asked,
): Promise<Comparison> {
  const { project, options, io } = asked;
  const directory = directoryOf('--out', options.out, join(project.results, 'compare'));
  const { before, after, names: both, remove } = await openCheckouts(base, names, asked);
  try {
    const keep = await openSides(directory, both, asked);
    let sides: BothSides = { before: [], after: [] };
    const take = (measured: BothSides) => {
      sides = measured;
      keep(measured);
    };
    const aim = { first: { names: both, rows: null }, rows: null };
    const first = await measureBoth({ before, after }, aim, asked, take);
    if (options.confirm === false || regressedRows(first).length === 0 || io.signal.aborted) return first;
    const doubted = doubtedRows(first);
    if (doubted.length === 0) return confirm(first, null);
    io.warn(`Regressed, and measured again: ${doubted.map(nameOf).join('; ')}.`);
    const records = [...sides.before, ...sides.after];
    const rows = withRepeats(doubted, records);
    // Times decide, so that one pair of baselines is enough to tell the speedups.
    const alone = {
      first: withBaselines(rows, records),
      later: withControls(rows, records),
      rows: doubted,
    };
    return confirm(first, await measureBoth({ before, after }, alone, asked, () => {}));
  } finally {
    await remove();
  }
}

/** Makes room for the records of both sides; returns a function that saves them with the sentences so far. */
async function openSides(
  directory: string,
  names: readonly string[],
  asked: Asked,
): Promise<(sides: BothSides) => void> {
  const { project, io } = asked;
  const catalog = await loadCatalog(project, { names, broken: warnOfBroken(io) });
  await refuseBudgets(catalog, asked);
  const experiment = experimentOf(catalog);
  const complete = (record: RunRecord) => withWords(record, experiment(record.experiment.id));
  const [keptBefore, keptAfter] = [join(directory, 'before'), join(directory, 'after')];
  for (const side of [keptBefore, keptAfter]) makeRoom('--out', side, project.results, io);
  return ({ before, after }) => {
    for (const record of before) writeRecord(keptBefore, complete(record));
    for (const record of after) writeRecord(keptAfter, complete(record));
  };
}

/** @throws one sentence if an experiment has a budget of requests: the number of rounds is not known beforehand */
async function refuseBudgets(
  catalog: readonly CatalogEntry[],
  { project, options: { profile } }: Asked,
): Promise<void> {
  const kinds = findTargetKinds(project.targets);
  for (const entry of catalog)
    for (const { kind, options } of Object.values(await planTargets(entry, profile, kinds)))
      if (kind.requestBudget?.(options) !== undefined)
        throw new Error(
          `${entry.id} has a budget of requests, and --base measures as many rounds as verdicts take; compare two runs of bench instead.`,
        );
}
