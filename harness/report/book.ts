import { markdownTable } from 'markdown-table';
import { threeDigits } from '../findings/numbers.ts';
import type { Row } from '../model/row.ts';
import type { Summary } from './summary.ts';

/** The chapter's published figures, as in `results/book.json`; times in s. */
export interface BookFigures {
  readonly crawl: {
    readonly requests: number;
    readonly delayMs: number;
    readonly limit: number;
    readonly seconds: Readonly<Record<'serial' | 'gevent' | 'tornado' | 'aiohttp', number>>;
  };
  readonly concurrency: {
    readonly requests: number;
    readonly limits: readonly number[];
    /** One time per limit, by delay in ms. */
    readonly secondsByDelayMs: Readonly<Record<string, readonly number[]>>;
  };
  readonly hashAndSave: {
    readonly secondsByCost: Readonly<
      Record<string, Readonly<Record<'noIo' | 'fileIo' | 'serial' | 'batches' | 'async', number>>>
    >;
  };
}

/** The most telling of twenty limits: one at a time, the middle, two waves, and the book's dropped connections. */
const SHOWN_LIMITS = [1, 51, 101, 251, 401, 476];

/** The experiments that repeat the chapter's measurements. */
export const BOOK_EXPERIMENTS = ['crawl', 'concurrency', 'hash-and-save'] as const;

/**
 * The chapter's figures next to those of a run in the book profile, as Markdown: three tables, without those of missing
 * experiments.
 */
export function bookTables(summary: Summary, book: BookFigures): string {
  const rowsOf = (id: (typeof BOOK_EXPERIMENTS)[number]) =>
    summary.experiments.find((experiment) => experiment.id === id)?.rows ?? [];
  const tables = [
    crawlTable(rowsOf('crawl'), book.crawl),
    concurrencyTable(rowsOf('concurrency'), book.concurrency),
    hashTable(rowsOf('hash-and-save'), book.hashAndSave),
  ];
  return tables.filter((table) => table !== '').join('\n\n');
}

function crawlTable(
  rows: readonly Row[],
  { requests, delayMs, limit, seconds }: BookFigures['crawl'],
): string {
  const find = (variant: string) => rows.find((row) => row.variant === variant);
  const line = (title: string, bookSeconds: number, boundSeconds: number, here: (Row | undefined)[]) => [
    title,
    `${threeDigits(bookSeconds)} s`,
    ...here.map((row) => (row === undefined ? '-' : `${threeDigits(row.medianMs / 1000)} s`)),
    percent(boundSeconds / bookSeconds),
    ...here.map((row) => (row === undefined ? '-' : percent(row.efficiency))),
  ];
  const serialSeconds = (requests * delayMs) / 1000;
  const ours = find(`semaphore@${limit}`);
  const serial = find('serial');
  const lines = [
    ...(serial === undefined
      ? []
      : [
          line('one after the other: requests', seconds.serial, serialSeconds, [
            find('requests serial'),
            serial,
          ]),
        ]),
    ...(ours === undefined
      ? []
      : (['gevent', 'tornado', 'aiohttp'] as const).map((client) =>
          line(`at most ${limit}: ${client}`, seconds[client], serialSeconds / limit, [
            find(`${client}@${limit}`),
            ours,
          ]),
        )),
  ];
  const columns = ['book', 'the same, here', 'undici, here'];
  return draw(
    [`${requests} requests of ${delayMs} ms`, ...columns, ...columns.map((column) => `${column}, of bound`)],
    lines,
  );
}

function concurrencyTable(
  rows: readonly Row[],
  { requests, limits, secondsByDelayMs }: BookFigures['concurrency'],
): string {
  const delays = Object.keys(secondsByDelayMs);
  const cells = (limit: number) =>
    delays.flatMap((delay) => {
      const row = rows.find(
        ({ parameters }) => parameters.limit === limit && parameters.delayMs === Number(delay),
      );
      const bookSeconds = secondsByDelayMs[delay]?.[limits.indexOf(limit)];
      if (row === undefined || bookSeconds === undefined) return [];
      const boundSeconds = (Math.ceil(requests / limit) * Number(delay)) / 1000;
      return [`${percent(boundSeconds / bookSeconds)} / ${percent(row.efficiency)}`];
    });
  const lines = SHOWN_LIMITS.map((limit) => [`at most ${limit}`, ...cells(limit)]);
  return draw(
    [`${requests} requests, of the bound: book / here`, ...delays.map((delay) => `${delay} ms`)],
    lines.filter((line) => line.length === delays.length + 1),
  );
}

function hashTable(rows: readonly Row[], { secondsByCost }: BookFigures['hashAndSave']): string {
  const lines = Object.entries(secondsByCost).flatMap(([cost, seconds]) => {
    const group = rows.filter((row) => row.group === `cost ${cost}`);
    const timeOf = (start: string) => group.find(({ variant }) => variant.startsWith(start))?.medianMs;
    const aloneMs = timeOf('no-io');
    if (aloneMs === undefined) return [];
    const pair = (own: string, theirs: number) => {
      const ownMs = timeOf(own);
      return `${(theirs / seconds.noIo).toFixed(3)} / ${ownMs === undefined ? '-' : (ownMs / aloneMs).toFixed(3)}`;
    };
    return [
      [
        cost,
        `${threeDigits(seconds.noIo)} s / ${threeDigits(aloneMs / 1000)} s`,
        pair('serial', seconds.serial),
        pair('batches', seconds.batches),
        pair('interleaved', seconds.async),
      ],
    ];
  });
  return draw(
    ['bcrypt cost', 'no I/O: book / here', 'serial', 'batches', 'interleaved, times as long as no I/O'],
    lines,
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function draw(headings: string[], lines: string[][]): string {
  if (lines.length === 0) return '';
  return markdownTable([headings, ...lines], {
    align: headings.map((_, index) => (index === 0 ? 'l' : 'r')),
  });
}
