/** The export formats of runs: one file each in `exports/`. */
import { join } from 'node:path';
import { modulesIn } from '../folder-modules.ts';
import type { RunRecord } from '../record/schema.ts';
import type { Summary } from './summary.ts';

/** Writes a run in the format of another tool. */
export type Exporter = (summary: Summary, records: readonly RunRecord[]) => string;

/** The default export of a file in `exports/`. */
export interface ExportFormat {
  /** Its names: first the one that is shown, usually the tool's, then aliases. */
  readonly names: readonly [string, ...string[]];
  /** A few words on it, without a full stop. */
  readonly help: string;
  readonly export: Exporter;
}

const FOLDER = join(import.meta.dirname, 'exports');

/**
 * Loads the formats of a folder, by the names of their files.
 *
 * @param folder by default `exports/` next to this file; replaced in tests only
 * @throws one sentence if a file has no format as its default export, or two share a name
 */
export async function findExportFormats(folder = FOLDER): Promise<ExportFormat[]> {
  const fileOf = new Map<string, string>();
  const loading = modulesIn(folder).map(async ({ file, load }) => ({ file, format: await load() }));
  return (await Promise.all(loading)).map(({ file, format }) => {
    if (!isFormat(format))
      throw new Error(`${file} has no export format as its default export; one has names, help and export.`);
    for (const name of format.names.map(lowerCase)) {
      const other = fileOf.get(name);
      if (other !== undefined)
        throw new Error(`Two files are the export format "${name}", ${other} and ${file}; rename one.`);
      fileOf.set(name, file);
    }
    return format;
  });
}

function isFormat(value: unknown): value is ExportFormat {
  const { names, help, export: exporter } = (value ?? {}) as Partial<ExportFormat>;
  const named = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string');
  return named && typeof help === 'string' && typeof exporter === 'function';
}

/** All names of formats: first the main names, then aliases. */
export function formatNames(formats: readonly ExportFormat[]): string[] {
  return [
    ...formats.map(({ names: [name] }) => name),
    ...formats.flatMap(({ names: [, ...others] }) => others),
  ];
}

/** The formats in one line, each with a few words. */
export function formatHelp(formats: readonly ExportFormat[]): string {
  return formats.map(({ names: [name], help }) => `${name} (${help})`).join(', ');
}

/** The exporter of a format by any of its names, in capitals or not; undefined for an unknown name. */
export function exporterOf(formats: readonly ExportFormat[], name: string): Exporter | undefined {
  return formats.find(({ names }) => names.map(lowerCase).includes(lowerCase(name)))?.export;
}

function lowerCase(name: string): string {
  return name.toLowerCase();
}
