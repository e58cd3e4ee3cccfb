/** Generates the pages of `docs/` from the results of a run. */
import { dirname, join, relative, sep } from 'node:path';
import { markdownTable } from 'markdown-table';
import type { Painter } from '../../charts/pictures.ts';
import { trustText } from '../../findings/control.ts';
import { warningText } from '../../findings/warnings.ts';
import { count, listOf } from '../../findings/wording.ts';
import { commandText } from '../../installation.ts';
import type { RecordedVariant, RunRecord } from '../../record/schema.ts';
import { type BookFigures, bookTables } from '../book.ts';
import { digestOf } from '../digest.ts';
import { commonFacts } from '../environment-facts.ts';
import { escapeMarkdown, experimentTables } from '../markdown.ts';
import { meaningsOf } from '../page/columns.ts';
import type { ExperimentSummary, Summary } from '../summary.ts';
import { generalNotes, rowTables, sharedWarnings, skippedLines } from '../table.ts';
import { fillMarks, marked, type Part } from './marks.ts';

/** The input of the pages. */
export interface DocumentSource {
  /** The records of one run, in the order of the pages. */
  readonly records: readonly RunRecord[];
  readonly summary: Summary;
  /** The summary of a run in the default profile, for the terminal output on a page; null if no such run is kept. */
  readonly quick: Summary | null;
  readonly painter: Painter;
  readonly book: BookFigures;
  /** The tables of studies as Markdown, by the names of the studies. */
  readonly studies: ReadonlyMap<string, string>;
  /** The root of the project; the paths of pages start from it. */
  readonly root: string;
  /** The folder of the run, with its pictures in `charts/`. */
  readonly results: string;
}

/** A page with its generated parts. */
interface Page {
  /** Relative to the root. */
  readonly path: string;
  readonly parts: ReadonlyMap<string, Part>;
  /** The template of a page that does not exist yet; null for a hand-written page, which may leave out any part. */
  readonly frame: string | null;
}

const DOCS = 'docs';
/** Hand-written pages, which may have the answers of experiments, the digest of a run and the tables of studies. */
const BY_HAND = [
  'README.md',
  ...['cli', 'comparing', 'history', 'method', 'teaching', 'tune'].map((name) => join(DOCS, `${name}.md`)),
];

/**
 * Regenerates all pages, and keeps hand-written text.
 *
 * @param read returns the text of a page by its path from the root, or null if the page does not exist
 * @returns the text of each page by its path from the root
 * @throws MarkError if a page lacks a required mark
 */
export function documentsOf(
  source: DocumentSource,
  read: (path: string) => string | null,
): ReadonlyMap<string, string> {
  return new Map(
    pagesOf(source).flatMap(({ path, parts, frame }): [string, string][] => {
      const text = read(path) ?? frame;
      if (text === null) return [];
      return [[path, fillMarks(path, text, parts, frame === null ? [] : [...parts.keys()])]];
    }),
  );
}

/** The path of an experiment's page, from the root. */
function pathOf(id: string): string {
  return join(DOCS, 'experiments', `${id}.md`);
}

function pagesOf(source: DocumentSource): Page[] {
  const { summary, quick, book, studies } = source;
  const answersFor = (path: string): [string, Part] => [
    'answers',
    (ids) => answersTable(summary, ids, (id) => linkTo(path, pathOf(id))),
  ];
  const results = join(DOCS, 'results.md');
  const resultsParts = new Map<string, Part>([
    ['run', () => runText(summary)],
    answersFor(results),
    ['tables', () => allTables(summary)],
  ]);
  const bookParts = new Map<string, Part>([['tables', () => bookTables(summary, book)]]);
  const parts = (path: string) =>
    new Map<string, Part>([
      answersFor(path),
      ['digest', () => digestText(quick)],
      ['study', ([name = '']) => studyText(studies, name)],
    ]);
  return [
    ...BY_HAND.map((path) => ({ path, parts: parts(path), frame: null })),
    { path: results, parts: resultsParts, frame: frameOf('Results', resultsParts) },
    { path: join(DOCS, 'book.md'), parts: bookParts, frame: frameOf('The book', bookParts) },
    ...source.records.map((record, index) => experimentPage(source, record, summary.experiments[index]!)),
  ];
}

function frameOf(title: string, parts: ReadonlyMap<string, Part>): string {
  const blocks = [...parts.keys()].map((name) => `${marked(name, '')}\n`);
  return [`# ${title}\n`, ...blocks].join('\n');
}

function experimentPage(source: DocumentSource, record: RunRecord, experiment: ExperimentSummary): Page {
  const path = pathOf(experiment.id);
  const parts = new Map<string, Part>([
    ['answer', () => answerText(experiment)],
    ['charts', () => chartsText(source, path, record, experiment)],
    ['found', () => foundText(experiment)],
    [
      'rows',
      () =>
        [
          rowsTable(record),
          columnsTable(experiment),
          `All numbers: [results](${linkTo(path, join(DOCS, 'results.md'))}#${anchorOf(experiment.title)}).`,
        ].join('\n\n'),
    ],
  ]);
  const frame = [
    `# ${experiment.title}`,
    marked('answer', ''),
    '## How it works',
    '## How to read the charts',
    marked('charts', ''),
    '## What was found',
    marked('found', ''),
    '## What to do',
    '## Why it is measured like this',
    '## Rows and columns',
    marked('rows', ''),
  ];
  return { path, parts, frame: `${frame.join('\n\n')}\n` };
}

/** A path relative to the folder of a page, for links. */
function linkTo(page: string, target: string): string {
  return relative(dirname(page), target).split(sep).join('/');
}

/** The anchor of a heading, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

function headlineOf({ finding, reason }: ExperimentSummary): string {
  return escapeMarkdown(finding?.headline ?? reason ?? 'Nothing was measured.');
}

function answersTable(
  { experiments }: Summary,
  ids: readonly string[],
  linkOf: (id: string) => string,
): string {
  const shown = ids.length === 0 ? experiments : experiments.filter(({ id }) => ids.includes(id));
  const lines = shown.map((experiment) => [
    `[${experiment.id}](${linkOf(experiment.id)})`,
    escapeMarkdown(experiment.question),
    headlineOf(experiment),
  ]);
  return markdownTable([['experiment', 'question', 'answer'], ...lines], {
    padding: true,
    alignDelimiters: false,
  });
}

/** The output at the end of a run. */
function digestText(quick: Summary | null): string {
  if (quick === null)
    throw new Error('There is no run in the default profile, whose digest a page asks for.');
  const places = {
    page: { file: 'results/latest/report.html', command: commandText('report') },
    tables: 'results/latest/summary.md',
    elapsedMs: null,
  };
  return ['```text', ...digestOf(quick, places), '```'].join('\n');
}

function studyText(studies: ReadonlyMap<string, string>, name: string): string {
  const text = studies.get(name);
  if (text !== undefined) return text;
  throw new Error(`A page asks for the study "${name}"; there is ${[...studies.keys()].join(', ')}.`);
}

/** Whether the run can be trusted, and its environment. */
function runText(summary: Summary): string {
  const { control, warnings } = summary;
  const facts = [...commonFacts(summary)].map(([name, value]) => `- ${name}: ${escapeMarkdown(value)}`);
  return [
    trustText(control),
    ...warnings.map((warning) => `**Warning**: ${escapeMarkdown(warningText(warning))}`),
    [`- profile: ${summary.profile}`, ...facts].join('\n'),
  ].join('\n\n');
}

function allTables({ experiments }: Summary): string {
  return experiments
    .map((experiment) =>
      [
        `## ${escapeMarkdown(experiment.title)}`,
        `[${escapeMarkdown(experiment.question)}](${linkTo(join(DOCS, 'results.md'), pathOf(experiment.id))})`,
        headlineOf(experiment),
        `<details><summary>${count(experiment.rows.length, 'row')}</summary>`,
        ...experimentTables(experiment),
        ...warningsTable(experiment),
        ...[...generalNotes(experiment), ...skippedLines(experiment)].map(escapeMarkdown),
        '</details>',
      ].join('\n\n'),
    )
    .join('\n\n');
}

/** The warnings that a star refers to; empty if no row has one. */
function warningsTable({ rows }: ExperimentSummary): string[] {
  const lines = sharedWarnings(rows).map(({ warning, places }) => [warning, places.join('; ')]);
  if (lines.length === 0) return [];
  const cells = [['\\* warning', 'rows'], ...lines.map((line) => line.map(escapeMarkdown))];
  return [markdownTable(cells, { alignDelimiters: false })];
}

function answerText(experiment: ExperimentSummary): string {
  return `*${escapeMarkdown(experiment.question)}*\n\n**${headlineOf(experiment)}**`;
}

function chartsText(
  { root, results, painter }: DocumentSource,
  page: string,
  record: RunRecord,
  experiment: ExperimentSummary,
): string {
  const pictures = painter.pictures(record, experiment);
  return pictures
    .flatMap(({ name, title, picture: { caption, reading } }) => {
      const file = relative(root, join(results, 'charts', `${name}.png`));
      return [
        `![${escapeMarkdown(title)}](${linkTo(page, file)})`,
        escapeMarkdown([reading.trim(), caption].filter((text) => text !== '').join(' ')),
      ];
    })
    .join('\n\n');
}

function foundText({ finding, peersFinding }: ExperimentSummary): string {
  const details = (finding?.details ?? []).map((detail) => `- ${escapeMarkdown(detail)}`);
  return [details.join('\n'), escapeMarkdown(peersFinding)].filter((text) => text !== '').join('\n\n');
}

/** More rows than this are folded. */
const MOST_ROWS_UNFOLDED = 12;

/** The description of our rows; a row in several groups is listed once. */
function rowsTable({ variants }: RunRecord): string {
  const own = variants.filter(({ peer }) => peer === null);
  const grouped = own.some(({ group }) => group !== '');
  const lines = [...Map.groupBy(own, ({ id }) => id)].map(([id, members]) => [
    escapeMarkdown(id),
    ...(grouped ? [escapeMarkdown(distinct(members, ({ group }) => group))] : []),
    distinct(members, ({ jobs }) => jobs),
    distinct(members, ({ limit }) => limit),
    rolesOf(members),
  ]);
  const heads = ['row', ...(grouped ? ['groups'] : []), 'jobs', 'in flight at most', 'role'];
  const table = markdownTable([heads, ...lines], {
    align: heads.map((head) => (/^(jobs|in flight)/.test(head) ? 'r' : 'l')),
    alignDelimiters: false,
  });
  const text =
    lines.length > MOST_ROWS_UNFOLDED
      ? `<details><summary>${count(lines.length, 'row')}</summary>\n\n${table}\n\n</details>`
      : table;
  const peers = new Set(variants.flatMap(({ peer }) => peer ?? []));
  if (peers.size === 0) return text;
  const beside = new Set(variants.flatMap(({ nearest }) => nearest ?? []));
  return (
    `${text}\n\nPeers (†): ${escapeMarkdown(listOf([...peers]))}. ` +
    `${beside.size > 5 ? 'Each stands beside our row with the same limit.' : `They stand beside ${escapeMarkdown(listOf([...beside]))}.`}`
  );
}

function distinct(
  members: readonly RecordedVariant[],
  of: (variant: RecordedVariant) => string | number,
): string {
  return [...new Set(members.map(of))].join(', ');
}

function rolesOf(members: readonly RecordedVariant[]): string {
  const roles: [string, (variant: RecordedVariant) => boolean][] = [
    ['baseline', ({ baseline }) => baseline],
    ['runs twice a round, as the A/A pair', ({ control }) => control],
    ['headline', ({ headline }) => headline],
  ];
  return roles.flatMap(([role, has]) => (members.some(has) ? [role] : [])).join('; ');
}

/** The meaning of each column in the experiment's tables. */
function columnsTable(experiment: ExperimentSummary): string {
  const { metrics, rows } = experiment;
  const tables = [...Map.groupBy(rows, ({ group }) => group).values()].flatMap((members) =>
    rowTables(experiment, members),
  );
  const columns = new Map<string, string>();
  for (const { heading, meaning } of tables.flatMap((table) => meaningsOf(table, metrics)))
    if (meaning !== '' && !columns.has(heading)) columns.set(heading, meaning);
  const lines = [...columns].map((column) => column.map(escapeMarkdown));
  return markdownTable([['column', 'meaning'], ...lines], { alignDelimiters: false });
}
