/** One try of a case: its target is started, and the command runs as a user runs it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { startTarget, type Target } from '../../harness/measure/process/target.ts';
import type { TargetKind } from '../../harness/model/target.ts';
import { isRefused } from '../../harness/tune/steps.ts';
import { readTuneRecord } from '../../harness/tune/tune-record.ts';
import { call } from '../../scripts/command.ts';
import { main } from '../../scripts/tune.ts';
import latency from '../../server/latency/kind.ts';
import postgresql from '../../server/postgresql/kind.ts';
import type { TuneCase, TuneTry } from './tune-cases.ts';

/** A pause that is at least this long is no part of a step; Retry-After asks for one second or more. */
const PAUSE_MS = 950;

/** Starts the target of a case. */
export function startCase({ target, options }: TuneCase, seed: number, signal: AbortSignal): Promise<Target> {
  const kind: TargetKind = target === 'latency' ? latency : postgresql;
  return startTarget(kind, target === 'latency' ? { seed, ...options } : options, signal);
}

/** Runs `tune --json` against a case. @throws the abort reason of `signal` */
export async function tryCase(
  one: TuneCase,
  { seed, commit, signal }: { seed: number; commit: string; signal: AbortSignal },
): Promise<TuneTry> {
  const out = mkdtempSync(join(tmpdir(), 'overlap-tune-try-'));
  const target = await startCase(one, seed, signal);
  try {
    const { origin } = target.address;
    process.env.OVERLAP_TUNE_ORIGIN = origin;
    // A kept sentence must not have a path of this machine.
    const module = one.module === undefined ? undefined : relative(process.cwd(), one.module);
    const what = module ?? (one.query === undefined ? `${origin}${one.path}` : origin);
    const query = one.query === undefined ? [] : ['--query', one.query];
    const said = { out: '', error: '' };
    await call(main, [what, ...query, '--json', '--seed', String(seed), '--out', out], {
      signal,
      write: () => {},
      print: (line) => {
        said.out += line;
      },
      warn: (line) => {
        said.error = line;
      },
    });
    signal.throwIfAborted();
    const record = readTuneRecord(out);
    return {
      case: one.name,
      seed,
      commit,
      answer: said.out === '' ? null : JSON.parse(said.out),
      error: said.out === '' ? said.error : null,
      words: record?.words ?? [],
      refusals: record?.steps.filter(({ figures }) => isRefused(figures)).length ?? 0,
      ...(one.target === 'latency' ? await seenBy(origin) : { refusedShare: 0, pauses: 0 }),
    };
  } finally {
    await target.end();
    rmSync(out, { recursive: true, force: true });
  }
}

/** What the latency server saw. */
async function seenBy(origin: string): Promise<Pick<TuneTry, 'refusedShare' | 'pauses'>> {
  const read = async (path: string) => (await fetch(origin + path)).json();
  const stats = (await read('/stats')) as {
    requests: number;
    rejected: { queueFull: number; rateLimited: number };
  };
  const { requests } = (await read('/trace')) as { requests: { arrivedMs: number }[] };
  const arrivals = requests.map(({ arrivedMs }) => arrivedMs).sort((first, second) => first - second);
  const pauses = arrivals.filter((atMs, index) => index > 0 && atMs - arrivals[index - 1]! >= PAUSE_MS);
  const refused = stats.rejected.queueFull + stats.rejected.rateLimited;
  return { refusedShare: refused / Math.max(1, refused + stats.requests), pauses: pauses.length };
}
