import { type Static, Type } from 'typebox';

/** The start options of a database. */
export const DatabaseOptions = Type.Object({
  /** The number of rows in the table that queries read. */
  rows: Type.Integer({ minimum: 1 }),
  /** The number of connections that it must accept at once. */
  connections: Type.Integer({ minimum: 1 }),
});

export type DatabaseOptions = Readonly<Static<typeof DatabaseOptions>>;
