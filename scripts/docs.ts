import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { experimentOf, loadCatalog } from '../harness/measure/plan/catalog.ts';
import { pathForPeople } from '../harness/path.ts';
import type { Project } from '../harness/project.ts';
import { readRecords } from '../harness/record/record-files.ts';
import { documentsOf } from '../harness/report/documents/documents.ts';
import { summarise } from '../harness/report/summary.ts';
import { writeFileWhole } from '../harness/whole-file.ts';
import { createCommand, EXIT, type Main, readCommandLine, runCommand } from './command.ts';
import { recordsOfRun } from './results.ts';

const define = () =>
  createCommand('docs').description(
    'Regenerates the marked parts of the pages in docs/ from the records in results/reference and the tables in results/studies. Other text stays.',
  );

export const main: Main = async (argv, io) => {
  const project = await readCommandLine(define(), argv, io);
  for (const [path, text] of await documentsOfProject(project)) {
    const file = join(project.root, path);
    if (textOf(file) === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileWhole(file, text);
    io.print(pathForPeople(file));
  }
  return EXIT.done;
};

/** The text of each page, by its path from the root of the project. */
export async function documentsOfProject(project: Project): Promise<ReadonlyMap<string, string>> {
  const { root } = project;
  const results = join(project.results, 'reference');
  const catalog = await loadCatalog(project);
  const records = recordsOfRun(results, project.order);
  const quick = readRecords(join(project.results, 'baseline'), project.order);
  const { loadPainter } = await import('../harness/charts/painter.ts');
  return documentsOf(
    {
      ...{ records, root, results },
      summary: summarise(records, experimentOf(catalog)),
      quick: quick.length === 0 ? null : summarise(quick, experimentOf(catalog)),
      painter: await loadPainter(),
      studies: studiesIn(join(project.results, 'studies')),
      book: JSON.parse(readFileSync(join(project.results, 'book.json'), 'utf8')),
    },
    (path) => textOf(join(root, path)),
  );
}

/** The tables of studies, each a Markdown file. */
function studiesIn(folder: string): ReadonlyMap<string, string> {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.md')) : [];
  return new Map(
    files.sort().map((file) => [basename(file, '.md'), readFileSync(join(folder, file), 'utf8').trimEnd()]),
  );
}

function textOf(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

if (import.meta.main) await runCommand(main);
