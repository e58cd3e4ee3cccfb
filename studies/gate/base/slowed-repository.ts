/** A repository whose crawl can be made slower, for `compare --base` to find. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openFolder } from '../../../harness/measure/checkout/folders.ts';
import { runGit } from '../../../harness/measure/checkout/git.ts';
import { EXPERIMENT, SLOWED_ROW } from './gate-cases.ts';

const OVERLAP = join(import.meta.dirname, '../../..');
const SHARE_FILE = 'src/slowed-share.js';

/** A repository in a temporary folder. */
export interface SlowedRepository {
  readonly root: string;
  /** Makes the row slower than it is in the commit, by a share of its time. */
  slow(share: number): void;
  remove(): void;
}

/**
 * Makes a repository with one commit, in which nothing is slowed.
 *
 * @throws one sentence if git cannot; the abort reason of `signal`. Nothing is left then.
 */
export async function openSlowedRepository(signal: AbortSignal): Promise<SlowedRepository> {
  const folder = openFolder('slowed');
  // The base is checked out beside the repository.
  const root = join(folder.directory, 'repository');
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const slow = (share: number) => write(SHARE_FILE, `export const share = ${share};\n`);
  try {
    const manifest = { name: 'slowed', version: '1.0.0', type: 'module', private: true };
    write('package.json', `${JSON.stringify(manifest)}\n`);
    write('.gitignore', 'node_modules\nresults\n');
    write(`bench/${EXPERIMENT}.overlap.js`, experimentText());
    slow(0);
    const git = (...args: string[]) => runGit(args, { cwd: root, signal });
    await git('init', '--quiet');
    await git('add', '--all');
    const author = [
      '-c',
      'user.name=study',
      '-c',
      'user.email=study@localhost',
      '-c',
      'commit.gpgsign=false',
    ];
    await git(...author, 'commit', '--quiet', '--no-verify', '--message', 'Nothing is slowed.');
  } catch (error) {
    folder.remove();
    throw error;
  }
  return { root, slow, remove: folder.remove };
}

function experimentText(): string {
  const from = (path: string) => JSON.stringify(pathToFileURL(join(OVERLAP, path)).href);
  return `import crawl from ${from(`benchmarks/${EXPERIMENT}.ts`)};
import { slowedStrategy } from ${from('studies/gate/slowed/slowed-strategy.ts')};
import { share } from '../${SHARE_FILE}';

const slowed = (row) =>
  row.id === ${JSON.stringify(SLOWED_ROW)} ? { ...row, strategy: slowedStrategy(row.strategy, share) } : row;

export default { ...crawl, variants: (workload) => crawl.variants(workload).map(slowed) };
`;
}
