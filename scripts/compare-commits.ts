/** `compare --base`: two states of this repository, measured now, in turn. */
import { join, relative } from 'node:path';
import { withWords } from '../harness/findings/words.ts';
import { commandText } from '../harness/installation.ts';
import type { BothSides } from '../harness/measure/checkout/alternate.ts';
import {
  type Checkout,
  checkoutHere,
  commitOfHere,
  filesAbsentFrom,
  openCheckout,
} from '../harness/measure/checkout/checkout.ts';
import { experimentOf, idOf, loadCatalog } from '../harness/measure/plan/catalog.ts';
import { writeRecord } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import { Incomparable } from '../harness/report/comparison/comparability.ts';
import { nameOf } from '../harness/report/comparison/compared-rows.ts';
import type { Comparison } from '../harness/report/comparison/comparison.ts';
import { withBaselines } from '../harness/report/comparison/further-rows.ts';
import { confirm, regressedRows } from '../harness/report/comparison/verdicts.ts';
import type { Asked } from './compare.ts';
import { directoryOf } from './directory.ts';
import { measureBoth } from './measure-both.ts';
import { makeRoom } from './previous.ts';

/**
 * Measures a commit and this checkout in alternating rounds. What regressed is measured again, unless `--no-confirm` says
 * otherwise.
 *
 * @param base a name of a commit
 * @param names of experiments; all of them where empty
 * @throws in one sentence if a side cannot be had or measured, or under `--strict` cannot be compared
 */
export async function compareCommits(
  base: string,
  names: readonly string[],
  asked: Asked,
): Promise<Comparison> {
  const { project, options, io } = asked;
  const { root, results } = project;
  const { signal } = io;
  await refuseAbsent(base, names, asked);
  const directory = directoryOf('--out', options.out, join(results, 'compare'));
  const opened: Checkout[] = [];
  const open = async (reference: string, packages: readonly string[]) => {
    opened.push(await openCheckout(root, reference, packages, signal));
    return opened.at(-1)!;
  };
  try {
    const before = await open(base, []);
    const after =
      options.with.length === 0
        ? checkoutHere(root)
        : await open(await commitOfHere(root, signal), options.with);
    const keep = await openSides(directory, asked);
    let sides: BothSides = { before: [], after: [] };
    const take = (measured: BothSides) => {
      sides = measured;
      keep(measured);
    };
    const aim = { first: { names, rows: null }, rows: null };
    const first = await measureBoth({ before, after }, aim, asked, take);
    const regressed = regressedRows(first);
    if (options.confirm === false || regressed.length === 0 || signal.aborted) return first;
    io.warn(`Regressed, and measured again: ${regressed.map(nameOf).join('; ')}.`);
    const alone = { first: withBaselines(regressed, [...sides.before, ...sides.after]), rows: regressed };
    return confirm(first, await measureBoth({ before, after }, alone, asked, () => {}));
  } finally {
    await Promise.allSettled(opened.map((checkout) => checkout.remove()));
  }
}

/** Refuses experiments that the other side does not have. */
async function refuseAbsent(
  reference: string,
  names: readonly string[],
  { project: { root, experiments }, io }: Asked,
): Promise<void> {
  const files = new Map(experiments.map((file) => [idOf(file), relative(root, file)]));
  const unknown = names.find((name) => !files.has(name));
  if (unknown !== undefined)
    throw new Error(
      `There is no experiment "${unknown}"; ${commandText('bench', '--list')} prints the experiments.`,
    );
  const wanted = names.map((name) => files.get(name)!);
  const missing = await filesAbsentFrom(root, reference, wanted, io.signal);
  const absent = names.filter((name) => missing.includes(files.get(name)!));
  if (absent.length === 0) return;
  const list = absent.join(', ');
  throw new Incomparable(
    `${list} ${absent.length === 1 ? 'is' : 'are'} not in that commit (${reference}), so there is nothing to compare with.`,
  );
}

/** Makes room for the records of both sides; returns a function that saves them with the sentences so far. */
async function openSides(directory: string, { project, io }: Asked): Promise<(sides: BothSides) => void> {
  const experiment = experimentOf(await loadCatalog(project));
  const complete = (record: RunRecord) => withWords(record, experiment(record.experiment.id));
  const [keptBefore, keptAfter] = [join(directory, 'before'), join(directory, 'after')];
  for (const side of [keptBefore, keptAfter]) makeRoom('--out', side, project.results, io);
  return ({ before, after }) => {
    for (const record of before) writeRecord(keptBefore, complete(record));
    for (const record of after) writeRecord(keptAfter, complete(record));
  };
}
