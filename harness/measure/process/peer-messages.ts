/** The messages between the measured process and a peer, one line of JSON each; docs/peer-protocol.md describes them. */
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';

const Count = Type.Integer({ minimum: 1 });
const Ms = Type.Number({ minimum: 0 });

/** To a peer: get ready for a batch of jobs. */
export const OpenSchema = Type.Object({
  do: Type.Literal('open'),
  workload: Type.String({ minLength: 1 }),
  strategy: Type.String({ minLength: 1 }),
  origin: Type.String({ minLength: 1 }),
  run: Type.String({ minLength: 1 }),
  jobs: Count,
  limit: Count,
  delayMs: Ms,
  connections: Type.Integer({ minimum: 0 }),
  batch: Type.Optional(Count),
  salts: Type.Optional(Type.Unsafe<readonly string[]>(Type.Array(Type.String()))),
});

/** To a peer: do the batch. */
export const RunSchema = Type.Object({ do: Type.Literal('run') });

/** To a peer: release the connections and memory of `open`. */
export const CloseSchema = Type.Object({ do: Type.Literal('close') });

/** A peer's first line if it can work. */
export const ReadySchema = Type.Object({
  ready: Type.Literal(true),
  versions: Type.Optional(Type.Record(Type.String(), Type.String())),
  strategies: Type.Record(Type.String(), Type.Array(Type.String({ minLength: 1 }))),
  client: Type.Optional(Type.String({ minLength: 1 })),
  settings: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.String({ minLength: 1 }),
        value: Type.String(),
        default: Type.Optional(Type.String()),
        why: Type.Optional(Type.String()),
      }),
    ),
  ),
  reconnects: Type.Optional(Type.String({ minLength: 1 })),
});

/** A peer's first line if it lacks a library. */
export const MissingSchema = Type.Object({
  ready: Type.Literal(false),
  missing: Type.String({ minLength: 1 }),
});

/** A peer's first line. */
export const FirstSchema = Type.Union([ReadySchema, MissingSchema]);

/** A peer's answer to `open`. */
export const OpenedSchema = Type.Object({ opened: Type.Literal(true) });

/** A peer's answer to `run`. */
export const DoneSchema = Type.Object({
  wallMs: Ms,
  cpuMs: Ms,
  computeMs: Ms,
  checksum: Type.String({ pattern: '^[0-9a-f]{8}$' }),
});

/** A peer's answer to `close`. */
export const ClosedSchema = Type.Object({ closed: Type.Literal(true) });

/** A message to a peer. */
export type PeerMessage = Static<typeof OpenSchema> | Static<typeof RunSchema> | Static<typeof CloseSchema>;

/** The description of a batch for a peer. */
export type BatchOrder = Omit<Static<typeof OpenSchema>, 'do'>;

/** A peer's figures of one sample, by its own monotonic clock. */
export type PeerAnswer = Static<typeof DoneSchema>;

/**
 * Reads a line from a peer.
 *
 * @returns the message; unknown fields are ignored
 * @throws Error, whose message continues a sentence after `said "…", `
 */
export function readLine<Schema extends TSchema>(schema: Schema, line: string): Static<Schema> {
  const value = parse(line);
  if (Value.Check(schema, value)) return value as Static<Schema>;
  throw new Error(`which is no answer (${faultOf(schema, value)})`);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error('which is no answer');
  }
}

function faultOf(schema: TSchema, value: unknown): string {
  const [fault] = Value.Errors(schema, value);
  return [fault?.instancePath, fault?.message ?? 'it is wrong'].filter(Boolean).join(' ');
}
