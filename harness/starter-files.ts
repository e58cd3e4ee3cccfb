/** The files that `init` writes into a repository: a benchmark that runs, a config, and a workflow that compares. */

/** The repository that the files are for. */
export interface StarterPlace {
  /** The folder of the project in its git repository, with slashes; empty at the top. */
  readonly folder: string;
  /** The commands that install the dependencies on a build machine, for example `npm ci`. */
  readonly install: readonly string[];
  /** What runs a program of a dependency, for example `npx` or `pnpm exec`. */
  readonly run: string;
}

/** A file to write. */
export interface StarterFile {
  /** Its path with slashes: from the project, or from the top of the git repository. */
  readonly path: string;
  readonly from: 'project' | 'repository';
  readonly text: string;
}

/** The starter's benchmark, from the project's folder. */
export const STARTER_BENCHMARK = 'bench/crawl.overlap.ts';
/** Where its runs go. */
export const STARTER_RESULTS = 'bench/results';

/**
 * The files of a new project.
 *
 * @param place null outside of a git repository, where no workflow can run
 */
export function starterFiles(place: StarterPlace | null): StarterFile[] {
  return [
    { path: STARTER_BENCHMARK, from: 'project', text: BENCHMARK },
    { path: 'overlap.config.json', from: 'project', text: CONFIG },
    ...(place === null
      ? []
      : [{ path: '.github/workflows/overlap.yml', from: 'repository', text: workflow(place) } as const]),
  ];
}

const CONFIG = `${JSON.stringify({ experiments: ['bench/**/*.overlap.{ts,js}'], results: STARTER_RESULTS }, null, 2)}\n`;

const BENCHMARK = `import { defineBenchmark } from 'overlap-bench';
// Import your own function instead: what this file imports is what compare --base compares.
const crawlAll = async (urls: string[], { concurrency }: { concurrency: number }) => {
  const left = urls.values();
  const worker = async () => { for (const url of left) await (await fetch(url)).text(); };
  await Promise.all(Array.from({ length: concurrency }, worker));
};

export default defineBenchmark({
  question: 'How many requests at once should crawlAll send?',
  api: { latencyMs: 50, spread: 0.3, capacity: 16 },
  vary: { concurrency: [5, 10, 16, 20, 50] },
  current: { concurrency: 20 },
  run: (urls, { concurrency }) => crawlAll(urls, { concurrency }),
});
`;

function workflow({ folder, install, run }: StarterPlace): string {
  const place = folder === '' ? '' : `    defaults:\n      run:\n        working-directory: ${folder}\n`;
  return `# Is this pull request slower than its base, on this machine, now?
name: overlap
on: pull_request

permissions:
  contents: read

jobs:
  compare:
    runs-on: ubuntu-latest
    timeout-minutes: 30
${place}    steps:
      - uses: actions/checkout@v4
        with:
          # The base must be there to be measured beside the change.
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 24
${install.map((command) => `      - run: ${command}\n`).join('')}      # The table goes to the step's summary; exit code 3, a confirmed regression, fails the job.
      - run: ${run} overlap-bench compare --base "origin/$BASE"
        env:
          BASE: \${{ github.base_ref }}
`;
}
