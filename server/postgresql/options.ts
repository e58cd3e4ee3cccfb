import { type Static, Type } from 'typebox';

/** What a database is started with. */
export const DatabaseOptions = Type.Object({
  /** How many rows the table has that is read from. */
  rows: Type.Integer({ minimum: 1 }),
  /** How many connections it must take at once. */
  connections: Type.Integer({ minimum: 1 }),
});

export type DatabaseOptions = Readonly<Static<typeof DatabaseOptions>>;
