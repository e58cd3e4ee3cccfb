/**
 * How often the history is wrong: made-up histories of 60 commits and 20 rows with noise as it was measured between runs. It
 * keeps every try in results/studies/history.json, and the table beside it. `npm run measure-history`; it takes about 5
 * minutes and needs no idle machine.
 */
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { openProject } from '../../harness/project.ts';
import { writeFileWhole } from '../../harness/whole-file.ts';
import { watchOutput } from '../../scripts/output.ts';
import { readSamples } from '../gate/others/gate-samples.ts';
import { samplesFileOf } from '../gate/others/measure-others.ts';
import { historyTable } from './history-table.ts';
import { type Kind, tryKind } from './history-tries.ts';
import { type Following, noiseOf } from './made-up-history.ts';

const command = new Command('npm run measure-history --')
  .description('Measures how often npm run history is wrong, on made-up histories; takes about 5 minutes.')
  .option('--tiny', 'test the study in seconds, with meaningless numbers, and keep nothing')
  .parse();
const tiny = command.opts().tiny === true;
const [FLAT, CHANGED] = tiny ? [2, 1] : [200, 100];

watchOutput();

function kindsOf(following: Following): Kind[] {
  return [
    { what: 'nothing changed', following, tries: FLAT },
    { what: 'nothing changed, two machines', following, tries: FLAT, twoMachines: true },
    ...[0.02, 0.05, 0.1].map((step) => ({
      what: `a step of ${step * 100} %`,
      following,
      tries: CHANGED,
      step,
    })),
    { what: 'a step of 10 %, two machines', following, tries: CHANGED, step: 0.1, twoMachines: true },
    { what: 'a drift of 0.2 % a commit', following, tries: CHANGED, drift: 0.002 },
  ];
}

const project = await openProject(join(import.meta.dirname, '../..'));
const noise = noiseOf(readSamples(samplesFileOf(project))!);
const results = [...kindsOf('apart'), ...kindsOf('in a row')].map((kind) => {
  console.error(`${kind.what}, runs ${kind.following}: ${kind.tries} histories`);
  return { kind, tries: tryKind(noise, kind) };
});
const table = historyTable(results);
console.log(table);
if (!tiny) {
  const file = join(project.results, 'studies', 'history.json');
  writeFileWhole(file, `${JSON.stringify({ results }, null, 1)}\n`);
  writeFileWhole(file.replace(/json$/, 'md'), `${table}\n`);
}
