/** What varies between the rows of a benchmark, and how a row is called. */

/** A value of a parameter. */
export type Value = string | number | boolean;

/** The values of each parameter, by its name. Every combination is a row. */
export type Vary = Readonly<Record<string, readonly Value[]>>;

/** The values of one row, by the parameters' names. */
export type ValuesOf<Varied extends Vary> = { readonly [Name in keyof Varied]: Varied[Name][number] };

/** Every combination of values, in the order of the lists; one without values if nothing varies. */
export function combinationsOf<Varied extends Vary>(vary: Varied): ValuesOf<Varied>[] {
  return Object.entries(vary).reduce<Record<string, Value>[]>(
    (combinations, [name, values]) =>
      combinations.flatMap((others) => values.map((value) => ({ ...others, [name]: value }))),
    [{}],
  ) as ValuesOf<Varied>[];
}

/** The name of a row: `concurrency 20`; of several parameters `concurrency 20, batch 5`. */
export function nameOfValues(values: Readonly<Record<string, Value>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

/** Whether a row has all of these values. */
export function hasValues(
  values: Readonly<Record<string, Value>>,
  wanted: Readonly<Record<string, Value | undefined>>,
): boolean {
  return Object.entries(wanted).every(([name, value]) => values[name] === value);
}

/** The only parameter, if it has at least two values and all are numbers; its rows have a knee. */
export function sweptIn(vary: Vary): string | null {
  const [only, ...others] = Object.entries(vary);
  if (only === undefined || others.length > 0) return null;
  const [name, values] = only;
  return values.length > 1 && values.every((value) => typeof value === 'number') ? name : null;
}

/**
 * Checks what varies, and that the current values are among it.
 *
 * @throws one sentence that names the parameter
 */
export function checkVary(vary: Vary, current: Readonly<Record<string, Value | undefined>>): void {
  for (const [name, values] of Object.entries(vary)) {
    if (!Array.isArray(values) || values.length === 0)
      throw new Error(`vary.${name} must be a list of values, as in vary: { ${name}: [5, 10, 20] }.`);
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) throw new Error(`vary.${name} has ${twice} twice; keep one of them.`);
    const strange = values.find((value) => !['string', 'number', 'boolean'].includes(typeof value));
    if (strange !== undefined)
      throw new Error(`vary.${name} must hold numbers, texts or booleans, not ${typeof strange}s.`);
  }
  for (const [name, value] of Object.entries(current)) {
    const values = vary[name];
    if (values === undefined) throw new Error(`current names ${name}, which vary does not have.`);
    if (value === undefined || !values.includes(value))
      throw new Error(
        `current.${name} is ${value}, which is not among ${values.join(', ')}; add it to vary.`,
      );
  }
}
