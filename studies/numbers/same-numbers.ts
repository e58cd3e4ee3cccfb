/** Compares the numbers of two summaries, which a change of the code must not change. */

/** A place where two summaries differ, as in `experiments[crawl].rows[semaphore@10].medianMs: 12.5 became 12.6`. */
export type Difference = string;

/**
 * Compares every number, true, false and null of the first summary with the second. Fields of the second only are no
 * difference: a summary may gain fields, and an experiment may declare more columns. Both must have the same rows. Texts
 * may change or disappear.
 *
 * @param before and `after` are parsed JSON
 * @returns one line per difference
 */
export function differences(before: unknown, after: unknown, place = ''): Difference[] {
  if (typeof before === 'string')
    return after === undefined || typeof after === 'string' ? [] : [`${place}: a text became ${show(after)}`];
  if (typeof before !== 'object' || before === null)
    return Object.is(before, after) ? [] : [`${place}: ${show(before)} became ${show(after)}`];
  if (typeof after !== 'object' || after === null) return [`${place}: it became ${show(after)}`];
  if (Array.isArray(before) !== Array.isArray(after))
    return [`${place}: a list became an object, or the reverse`];
  const [own, other] = [entriesOf(before), entriesOf(after)];
  const grown = Array.isArray(after) && own.size < other.size && !after.every(isWordOrDeclared);
  return [
    ...(grown ? [`${place}: ${own.size} became ${other.size}`] : []),
    ...[...own].flatMap(([key, value]) => differences(value, other.get(key), `${place}${key}`)),
  ];
}

/** The items of a list are matched by id, if they have ids, so that another order is not a difference. */
function entriesOf(value: object): Map<string, unknown> {
  if (!Array.isArray(value)) return new Map(Object.entries(value).map(([key, one]) => [`.${key}`, one]));
  const entries = value.map((one, index): [string, unknown] => [`[${nameOf(one) ?? index}]`, one]);
  const unique = new Set(entries.map(([name]) => name)).size === entries.length;
  return new Map(unique ? entries : value.map((one, index) => [`[${index}]`, one]));
}

/** Whether a list may gain this item: a sentence, or a column or metric that an experiment declares. */
function isWordOrDeclared(value: unknown): boolean {
  return typeof value === 'string' || declaredName(value) !== undefined;
}

/** The name of a column or a metric. */
function declaredName(value: unknown): unknown {
  const { metric, name } = (value ?? {}) as Record<string, unknown>;
  return metric ?? name;
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, variant, group } = value as Record<string, unknown>;
  const own = id ?? declaredName(value);
  if (own !== undefined) return String(own);
  return variant === undefined ? undefined : [group, variant].filter((part) => part !== '').join(' ');
}

function show(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? 'nothing';
}
