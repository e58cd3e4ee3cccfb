/** The two sides of `compare --base`: a commit, and this checkout. */
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { commandText } from '../harness/installation.ts';
import {
  type Checkout,
  type OpenedCheckout,
  openCheckout,
  placeInGit,
} from '../harness/measure/checkout/checkout.ts';
import {
  type Base,
  baseOf,
  commitOfHere,
  filesAbsentFrom,
  headOf,
  NoBase,
} from '../harness/measure/checkout/commits.ts';
import { nodeFor } from '../harness/measure/checkout/install.ts';
import { findUnloadable } from '../harness/measure/checkout/loadable.ts';
import { prepare } from '../harness/measure/checkout/prepare.ts';
import { idOf } from '../harness/measure/plan/catalog.ts';
import { isOverlapItself, type Project } from '../harness/project.ts';
import { Incomparable } from '../harness/report/comparison/comparability.ts';
import type { Asked } from './compare.ts';

/** Of the checkout that is measured: each side of Overlap's own repository runs its own tree. */
const BENCH_THERE = ['--import', './scripts/require-node.js', 'scripts/bench.ts'];
/** Of the running Overlap. */
const BENCH_HERE = [
  ...['--import', pathToFileURL(join(import.meta.dirname, 'require-node.js')).href],
  join(import.meta.dirname, 'bench.ts'),
];

/** Two sides to compare. */
export interface BothCheckouts {
  readonly before: Checkout;
  readonly after: Checkout;
  /** The experiments that both can run; all of them where empty. */
  readonly names: readonly string[];
  /** Removes what was created for them. */
  remove(): Promise<void>;
}

/** The current checkout of a project with its uncommitted changes. */
export function checkoutHere(project: Project): Checkout {
  const { root: directory } = project;
  return { directory, node: process.execPath, bench: benchOf(project, directory), remove: async () => {} };
}

function benchOf(project: Project, directory: string): readonly string[] {
  return isOverlapItself(project) ? BENCH_THERE : [...BENCH_HERE, '--project', directory];
}

/**
 * Opens the commit where HEAD left `reference`, and this checkout or, under `--with`, a copy of it. Under `--head` it is that
 * commit and the one where it left `reference`.
 *
 * @param names of experiments; all of them where empty
 * @throws Incomparable if there is no such commit, or it can run none of the experiments; one sentence if a side cannot be
 *   set up. No files are left then.
 */
export async function openCheckouts(
  reference: string,
  names: readonly string[],
  asked: Asked,
): Promise<BothCheckouts> {
  const opened: OpenedCheckout[] = [];
  const remove = async () => void (await Promise.allSettled(opened.map((checkout) => checkout.remove())));
  try {
    return { ...(await openInto(opened, reference, names, asked)), remove };
  } catch (error) {
    await remove();
    throw error instanceof NoBase ? new Incomparable(error.message) : error;
  }
}

/** Fills `opened` as it goes, so that its caller can remove what there is. */
async function openInto(
  opened: OpenedCheckout[],
  reference: string,
  names: readonly string[],
  asked: Asked,
): Promise<Omit<BothCheckouts, 'remove'>> {
  const { project, options, io } = asked;
  const { signal } = io;
  refuseUnknown(names, project);
  const head = options.head === undefined ? null : await headOf(project.root, options.head, signal);
  const base = await baseOf(project.root, reference, signal, options.head);
  if (isOverlapItself(project)) {
    await refuseAbsent(base, names, { ...asked, reference });
    if (head !== null) await refuseAbsent(head, names, { ...asked, reference: options.head! });
  }
  const open = async (commit: string, packages: readonly string[]) => {
    const experiments = isOverlapItself(project) ? 'there' : 'here';
    const checkout = await openCheckout({ project, commit, packages, experiments }, signal);
    opened.push(checkout);
    return sideOf(project, checkout, packages);
  };
  const before = await open(base.commit, []);
  const compared =
    head?.commit ?? (options.with.length === 0 ? null : await commitOfHere(project.root, signal));
  const after =
    compared === null
      ? { ...checkoutHere(project), top: (await placeInGit(project.root, signal)).here }
      : await open(compared, options.with);
  io.warn(`The base is ${base.name}${head === null ? '' : `, and the head is ${head.name}`}.`);
  if (options.prepare !== undefined)
    for (const [side, name] of [
      [after, head === null ? 'this checkout' : 'the head'],
      [before, 'the base'],
    ] as const) {
      io.warn(`Preparing ${name}: ${options.prepare}`);
      await prepare(options.prepare, { ...side, name }, signal);
    }
  if (isOverlapItself(project)) return { before, after, names };
  const loading = { ...before, name: `the base (${base.commit.slice(0, 9)})` };
  const known = await loadableNames(loading, names, asked);
  if (head === null) return { before, after, names: known };
  const both = { ...after, name: `the head (${head.commit.slice(0, 9)})` };
  return { before, after, names: await loadableNames(both, known, asked) };
}

/** A checkout that was opened, with what runs there. */
type Side = Checkout & Pick<OpenedCheckout, 'top'>;

function sideOf(project: Project, checkout: OpenedCheckout, packages: readonly string[]): Side {
  const { directory } = checkout;
  const node = isOverlapItself(project) ? nodeFor(directory, project.root, packages) : process.execPath;
  return { ...checkout, node, bench: benchOf(project, directory) };
}

function refuseUnknown(names: readonly string[], { experiments }: Project): void {
  const known = experiments.map(idOf);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(
      `There is no experiment "${unknown}"; ${commandText('bench', '--list')} prints the experiments.`,
    );
}

/** Refuses experiments that the base does not have; in Overlap's own repository each side has its own. */
async function refuseAbsent(
  base: Base,
  names: readonly string[],
  { project: { root, experiments }, io, reference }: Asked & { readonly reference: string },
): Promise<void> {
  const files = new Map(experiments.map((file) => [idOf(file), relative(root, file)]));
  const wanted = names.map((name) => files.get(name)!);
  const missing = await filesAbsentFrom(root, base.commit, wanted, io.signal);
  const absent = names.filter((name) => missing.includes(files.get(name)!));
  if (absent.length === 0) return;
  const are = absent.length === 1 ? 'is' : 'are';
  throw new Incomparable(
    `${absent.join(', ')} ${are} not in that commit (${reference}), so there is nothing to compare with.`,
  );
}

/** The experiments that another commit can load; the others are named with the reason. */
async function loadableNames(
  loading: Side & { readonly name: string },
  names: readonly string[],
  { project, io }: Asked,
): Promise<readonly string[]> {
  const wanted = names.length === 0 ? project.experiments.map(idOf) : names;
  const unloadable = await findUnloadable(loading, wanted, io.signal);
  const [first] = unloadable;
  if (first === undefined) return names;
  const sentence = ({ id, reason }: typeof first) => `${id} is left out: ${reason}`;
  if (unloadable.length === wanted.length) throw new Incomparable(sentence(first));
  for (const one of unloadable) io.warn(sentence(one));
  return wanted.filter((name) => unloadable.every(({ id }) => id !== name));
}
