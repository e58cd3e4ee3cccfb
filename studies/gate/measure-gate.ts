/**
 * Measures the gate, `compare --base`: how often it finds a row that was made slower, and how often it calls one slower that
 * was not. It keeps each try as it ends. With `--others`, it compares other gates with ours on the same samples. Keep the machine idle
 * meanwhile. `npm run measure-gate`.
 */
import { join } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { openProject } from '../../harness/project.ts';
import { EXIT, runCommand, wholeNumber } from '../../scripts/command.ts';
import { baseText } from './base/base-table.ts';
import { CASES, ENOUGH_TRIES } from './base/gate-cases.ts';
import { measureTries, triesFileOf } from './base/measure-base.ts';
import { compareOthers, tryOthers } from './others/measure-others.ts';

const command = new Command('npm run measure-gate --')
  .description(
    'Measures how often compare --base finds a slower row, and how often it is wrong. A try takes one to two minutes, and is kept.',
  )
  .addOption(new Option('--case <name>', 'only this case').choices(CASES.map(({ name }) => name)))
  .option(
    '--tries <n>',
    'the tries of each case in the end, with those that are kept',
    wholeNumber(1, 10_000),
    ENOUGH_TRIES,
  )
  .option(
    '--others',
    'compare other gates with ours on the same samples; the samples take 13 minutes, and are kept',
  )
  .option(
    '--within <minutes>',
    'begin no measurement later than this; the same command then goes on',
    wholeNumber(1, 1440),
  )
  .option('--tiny', 'with --others: test it in a few minutes, with meaningless numbers');

await runCommand(async (argv, { signal, warn, print }) => {
  command.parse(argv, { from: 'user' });
  const { within = Number.POSITIVE_INFINITY, others, tiny, tries, case: only } = command.opts();
  const project = await openProject(join(import.meta.dirname, '../..'));
  const withinMs = within * 60_000;
  if (others) await (tiny ? tryOthers(project) : compareOthers(project, withinMs));
  else {
    const cases = CASES.filter(({ name }) => only === undefined || name === only);
    const wanted = { file: triesFileOf(project), cases, tries, withinMs, profile: 'quick' } as const;
    print(baseText(await measureTries(project, wanted, { signal, say: warn })));
  }
  return EXIT.done;
});
