import { test } from 'node:test';
import { digestOf } from '../../../harness/report/digest.ts';
import { markdownSummary } from '../../../harness/report/markdown.ts';
import { summarise } from '../../../harness/report/summary.ts';
import { csvSummary, terminalTable } from '../../../harness/report/table.ts';
import { golden, terminalGolden } from '../../fixtures/golden.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';
import { wholeRecord, wholeRun } from '../../fixtures/whole-record.ts';

const summaryOf = (...records: Parameters<typeof summarise>[0]) => summarise(records, () => undefined);
const tableOf = (record: ReturnType<typeof wholeRecord>) => terminalTable(summaryOf(record).experiments[0]!);
const places = {
  page: { file: 'results/latest/report.html', command: 'npm run report' },
  tables: 'results/latest/summary.md',
  elapsedMs: 65_000,
};

test('the table of an experiment that has everything', (t) => {
  terminalGolden(t, 'report/table-whole.txt', tableOf(wholeRecord()));
});

test('the table of two rounds, which have no interval', (t) => {
  terminalGolden(t, 'report/table-two-rounds.txt', tableOf(wholeRun()[1]!));
});

test('the table of rows that do unequal work', (t) => {
  const record = wholeRecord();
  const unequal = { ...record, words: null, unequalWork: { plain: 'heapBytes' } };
  terminalGolden(t, 'report/table-unequal-work.txt', tableOf(unequal));
});

test('the table where no round was finished', (t) => {
  terminalGolden(t, 'report/table-no-round.txt', tableOf({ ...wholeRecord(), samples: [] }));
});

test('the end of a run on a terminal', (t) => {
  const skipped = { ...madeUpRecord([], { id: 'database' }), rounds: 6, status: 'skipped' as const };
  const run = [...wholeRun(), { ...skipped, reason: 'There is no PostgreSQL here; DATABASE_URL names one.' }];
  terminalGolden(t, 'report/digest-whole.txt', `${digestOf(summaryOf(...run), places).join('\n')}\n`);
  const few = [madeUpRecord(TENFOLD.slice(0, 1))];
  terminalGolden(t, 'report/digest-one-round.txt', `${digestOf(summaryOf(...few), places).join('\n')}\n`);
});

test('the Markdown of a run that has everything', (t) => {
  golden(t, 'report/summary-whole.md', markdownSummary(summaryOf(...wholeRun())));
});

test('the Markdown of a run that is not to be trusted, from two machines', (t) => {
  const doubtful = madeUpRecord(TENFOLD, { twinTimes: TENFOLD.map(([ms]) => ms * 1.2) });
  const [there] = wholeRun().slice(1);
  const environment = { ...there!.environment, node: '22.19.0', cpu: { model: 'another', count: 4 } };
  const summary = summaryOf(doubtful, { ...there!, environment });
  golden(t, 'report/summary-doubtful.md', markdownSummary(summary));
});

test('the CSV of a run that has everything', (t) => {
  golden(t, 'report/summary-whole.csv', csvSummary(summaryOf(...wholeRun())));
});
