import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TObject } from 'typebox';
import { Value } from 'typebox/value';
import { RULES } from '../../../../harness/measure/peer-check/rules.ts';
import {
  ClosedSchema,
  CloseSchema,
  DoneSchema,
  MissingSchema,
  OpenedSchema,
  OpenSchema,
  ReadySchema,
  RunSchema,
  readLine,
} from '../../../../harness/measure/process/peer-messages.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/peer-protocol.md'), 'utf8');
const SCHEMAS: Readonly<Record<string, TObject>> = {
  ready: ReadySchema,
  missing: MissingSchema,
  open: OpenSchema,
  opened: OpenedSchema,
  run: RunSchema,
  done: DoneSchema,
  close: CloseSchema,
  closed: ClosedSchema,
};
/** The lines of each example, by the message that its fence names. */
const examples = new Map(
  [...page.matchAll(/```json (\w+)\n([\s\S]*?)\n```/g)].map(([, message, lines]) => [
    message!,
    lines!.split('\n'),
  ]),
);

test('the page has an example of every message, and no other', () => {
  assert.deepEqual([...examples.keys()].sort(), Object.keys(SCHEMAS).sort());
  assert.doesNotMatch(page, /```json\n/);
});

for (const [message, schema] of Object.entries(SCHEMAS))
  test(`the page tells ${message} as the schema has it, with all its fields`, () => {
    const known = Object.keys(schema.properties);
    const shown = new Set<string>();
    for (const line of examples.get(message) ?? []) {
      const value = JSON.parse(line);
      assert.deepEqual(Value.Errors(schema, value), []);
      for (const field of Object.keys(value)) {
        assert.ok(known.includes(field), `${field} is in the example of ${message}, and not in its schema`);
        shown.add(field);
      }
    }
    assert.deepEqual(
      known.filter((field) => !shown.has(field)),
      [],
    );
    // A message without further fields needs no description.
    const told =
      known.length === 1 ? [] : known.filter((field) => !['do', 'ready', 'missing'].includes(field));
    for (const field of told) assert.match(page, new RegExp(`^\\| [^|]*\`${field}\`[^|]* \\| \\S`, 'm'));
  });

test('every rule that a check quotes stands in the page', () => {
  const flat = page.replaceAll(/\s+/g, ' ');
  for (const rule of Object.values(RULES)) assert.ok(flat.includes(rule), rule);
});

test('each schema refuses what lacks a field, and takes one more', () => {
  for (const [message, schema] of Object.entries(SCHEMAS)) {
    const whole = JSON.parse(examples.get(message)![0]!);
    assert.deepEqual(readLine(schema, JSON.stringify({ ...whole, more: 1 })), { ...whole, more: 1 });
    for (const field of schema.required ?? []) {
      const { [field]: _, ...rest } = whole;
      assert.throws(() => readLine(schema, JSON.stringify(rest)), {
        message: `which is no answer (must have required properties ${field})`,
      });
    }
  }
});

test('figures that are not numbers are refused, and so are lines that are not JSON', () => {
  const done = JSON.parse(examples.get('done')![0]!);
  const refused = (change: object, message: string) =>
    assert.throws(() => readLine(DoneSchema, JSON.stringify({ ...done, ...change })), { message });
  refused({ wallMs: -1 }, 'which is no answer (/wallMs must be >= 0)');
  refused({ cpuMs: '5' }, 'which is no answer (/cpuMs must be number)');
  refused({ checksum: 'ABCDEF01' }, 'which is no answer (/checksum must match pattern "^[0-9a-f]{8}$")');
  assert.throws(() => readLine(OpenedSchema, 'opened'), { message: 'which is no answer' });
  assert.throws(() => readLine(OpenedSchema, '[]'), { message: 'which is no answer (must be object)' });
});
