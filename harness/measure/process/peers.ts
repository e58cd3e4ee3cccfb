import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { coerce, lt } from 'semver';
import type { PeerOrder } from '../../model/peer.ts';
import { measuredVariables } from './variables.ts';

const PEERS = join(import.meta.dirname, '../../../benchmarks/peers');
/** Every peer's file starts like this; what follows names its rows. */
const PREFIX = 'python-';
/** The peers' own code needs no less: `asyncio.Runner` came with it. */
const PYTHON_NEEDED = '3.11.0';
/** How long a peer may take for anything but a sample: its start with all imports, opening, closing. */
const PATIENCE_MS = 30_000;

/** A program in another language that can do some of the same work. */
export interface Peer {
  /** As in `aiohttp`. */
  readonly id: string;
  readonly file: string;
  /** What runs it. */
  readonly python: string;
  /** Names with versions: the interpreter's and the libraries'. */
  readonly versions: Readonly<Record<string, string>>;
  /** The strategies that it has, by kind of work. */
  readonly strategies: Readonly<Record<string, readonly string[]>>;
}

/** One that cannot run here, with the reason and what to do, in one sentence. */
export interface SkippedPeer {
  readonly id: string;
  readonly reason: string;
}

/** Those that can run here and those that cannot. */
export interface Peers {
  readonly found: readonly Peer[];
  readonly skipped: readonly SkippedPeer[];
}

/** What a peer measured of one sample, by its own monotonic clock. */
export interface PeerAnswer {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly computeMs: number;
  readonly checksum: string;
}

/** A peer that died, hung or talked nonsense; the message is one sentence with its last words. */
export class PeerFailed extends Error {}

/** A peer that runs. */
export interface PeerProcess {
  /** Opens its connections. */
  open(
    order: PeerOrder & {
      readonly jobs: number;
      readonly limit: number;
      readonly origin: string;
      readonly run: string;
    },
  ): Promise<void>;
  /** Does the work, which may take so long. */
  run(limitMs: number): Promise<PeerAnswer>;
  /** Gives back what it opened. */
  close(): Promise<void>;
  /** Ends the process at once. */
  kill(): void;
}

/**
 * Finds out which peers can run here, by starting each.
 *
 * @param python the interpreter, a path or a name that is looked up
 * @param directory `benchmarks/peers/` of this project unless a test says otherwise
 */
export async function findPeers(python: string, directory = PEERS): Promise<Peers> {
  const files = readdirSync(directory).filter((name) => name.startsWith(PREFIX) && name.endsWith('.py'));
  const unfit = await unfitness(python);
  const looks = files.sort().map(async (name): Promise<Peer | SkippedPeer> => {
    const file = join(directory, name);
    const id = basename(name, '.py').slice(PREFIX.length);
    try {
      if (unfit !== null) throw new PeerFailed(unfit);
      const { peer, process } = await start({ id, file, python }, measuredVariables());
      process.kill();
      return peer;
    } catch (error) {
      return { id, reason: (error as Error).message };
    }
  });
  const all = await Promise.all(looks);
  return {
    found: all.filter((one) => 'file' in one),
    skipped: all.filter((one) => 'reason' in one),
  };
}

/** Why no peer can run with this interpreter, or null. */
async function unfitness(python: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(python, ['--version'], {
      timeout: PATIENCE_MS,
      env: measuredVariables(),
    });
    const version = coerce(stdout);
    if (version !== null && !lt(version, PYTHON_NEEDED)) return null;
    return `${python} is ${stdout.trim()}; --python names another, of at least ${PYTHON_NEEDED}.`;
  } catch (error) {
    return `${python} cannot be started (${firstLine((error as Error).message)}); --python names another interpreter.`;
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

/** Starts a peer that was found; it is given the variables that this process was given to measure with. @throws PeerFailed */
export async function startPeer(peer: Pick<Peer, 'id' | 'file' | 'python'>): Promise<PeerProcess> {
  return (await start(peer, process.env)).process;
}

async function start(
  given: Pick<Peer, 'id' | 'file' | 'python'>,
  variables: NodeJS.ProcessEnv,
): Promise<{ peer: Peer; process: PeerProcess }> {
  const conversation = converse(given, variables);
  const { id, file, python } = given;
  try {
    const ready = await conversation.ask(null, PATIENCE_MS);
    if (typeof ready.missing === 'string')
      throw new PeerFailed(
        `${python} has no ${ready.missing}; ${python} -m pip install -r benchmarks/peers/requirements.txt adds it.`,
      );
    if (ready.ready !== true)
      throw new PeerFailed(`${id} said ${JSON.stringify(ready)} instead of being ready.`);
    const { strategies = {}, libraries = {} } = ready as Partial<Pick<Peer, 'strategies'>> & {
      libraries?: Record<string, string>;
    };
    const versions = { python: String(ready.python), ...libraries };
    return { peer: { id, file, python, versions, strategies }, process: commands(conversation) };
  } catch (error) {
    conversation.kill();
    throw error;
  }
}

type Said = Readonly<Record<string, unknown>>;

interface Conversation {
  /** Says something, or nothing, and waits for the next line. */
  ask(command: object | null, limitMs: number): Promise<Said>;
  kill(): void;
}

function commands({ ask, kill }: Conversation): PeerProcess {
  return {
    open: async (order) => void (await ask({ do: 'open', warm: true, ...order }, PATIENCE_MS)),
    async run(limitMs) {
      const answer = await ask({ do: 'run' }, limitMs);
      for (const name of ['wallMs', 'cpuMs', 'computeMs'] as const)
        if (!Number.isFinite(answer[name])) throw new PeerFailed(`Its answer has no ${name}.`);
      return answer as unknown as PeerAnswer;
    },
    close: async () => void (await ask({ do: 'close' }, PATIENCE_MS)),
    kill,
  };
}

function converse(
  { id, file, python }: Pick<Peer, 'id' | 'file' | 'python'>,
  variables: NodeJS.ProcessEnv,
): Conversation {
  // What Python would write beside the sources is none of this repository.
  const env = { ...variables, PYTHONDONTWRITEBYTECODE: '1' };
  const child = spawn(python, [file], { stdio: 'pipe', env });
  const ended = watchEnd(id, child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.on('error', () => {});
  const nextLine = async (limitMs: number): Promise<string> => {
    const slow = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => slow.reject(new PeerFailed(`${id} gave no answer for ${limitMs / 1000} s.`)),
      limitMs,
    );
    try {
      const { done, value } = await Promise.race([lines.next(), slow.promise]);
      if (done) throw new PeerFailed(await ended);
      return value;
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    async ask(command, limitMs) {
      if (command !== null) child.stdin.write(`${JSON.stringify(command)}\n`);
      const line = await nextLine(limitMs);
      try {
        const said: Said = JSON.parse(line);
        if (typeof said === 'object' && said !== null) return said;
      } catch {}
      throw new PeerFailed(`${id} said ${JSON.stringify(line.slice(0, 80))}, which is no answer.`);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Resolves to one sentence about its end, with the last line that it said on standard error. */
function watchEnd(id: string, child: ChildProcessWithoutNullStreams): Promise<string> {
  let lastWords = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-4000);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`${id} could not be started: ${error.message}.`));
    child.once('close', (code, signal) => {
      const how = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`;
      const last = lastWords.trim().split('\n').at(-1) ?? '';
      resolve(`${id} ${how}${last === '' ? '' : ` (${last})`}.`);
    });
  });
}
