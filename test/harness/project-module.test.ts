import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const MODULE = join(import.meta.dirname, '../../harness/project-module.ts');
const scratch = mkdtempSync(join(tmpdir(), 'overlap-module-'));
after(() => rmSync(scratch, { recursive: true }));

const AS_MODULE = "import { two } from './two.ts';\nexport default two as number;\n";
const AS_COMMONJS = "const { two } = require('./three.js');\nmodule.exports = two;\n";
const FILES = {
  'as-module.ts': AS_MODULE,
  'as-module.js': AS_MODULE.replace(' as number', ''),
  'as-commonjs.js': AS_COMMONJS,
  'as-commonjs.ts': AS_COMMONJS,
  'two.ts': 'export const two: number = 2;\n',
  'three.js': 'exports.two = 2;\n',
};

/** Imports files in a process of their own, since how Node loads files is a setting of the process. */
function importIn(folder: string, file: string) {
  const program = `
    import { importProjectModule } from ${JSON.stringify(MODULE)};
    console.log((await importProjectModule(${JSON.stringify(join(folder, file))})).default);`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
}

for (const [kind, manifest] of Object.entries({
  'of CommonJS': '{ "type": "commonjs" }',
  'that does not say': '{}',
  'of ES modules': '{ "type": "module" }',
  'without a manifest': null,
})) {
  const folder = join(scratch, kind.replaceAll(' ', '-'));
  mkdirSync(folder);
  if (manifest !== null) writeFileSync(join(folder, 'package.json'), manifest);
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const files = Object.keys(FILES).filter(
    (name) => name.startsWith('as-') && !(kind === 'of ES modules' && name.startsWith('as-commonjs')),
  );
  for (const file of files)
    test(`in a package ${kind}, ${file} is loaded as it is written`, () => {
      const { stdout, stderr, status } = importIn(folder, file);
      assert.deepEqual([status, stderr, stdout], [0, '', '2\n']);
    });
}
