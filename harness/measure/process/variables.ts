/**
 * The environment variables of every process that this project starts. Variables of git hooks never reach our git.
 * Variables of the user's proxy or database never reach measured processes.
 */
import type { Environment } from '../../record/schema.ts';

/**
 * The variables that git sets for a hook: all of `git rev-parse --local-env-vars`, and the settings for reading paths.
 */
const OF_GIT: ReadonlySet<string> = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_PARAMETERS',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NAMESPACE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
  'GIT_GLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
  'GIT_LITERAL_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
]);
/** For example `http_proxy`, `ALL_PROXY`, `no_proxy`, `npm_config_https_proxy` and `NODE_USE_ENV_PROXY`. */
const OF_PROXIES = /(^|_)(no)?proxy$/i;
/** Variables that PostgreSQL clients read in addition to the address. */
const OF_POSTGRESQL = /^PG[A-Z_]+$/;
/** Variables that can change speed or connections. */
const MATTERING =
  /^(NODE_|UV_|UNDICI_|NAPI_RS_|PISCINA_|PYTHON|GEVENT_|LIBEV_|LD_|DYLD_|MALLOC_|GLIBC_|SSL|OPENSSL_|DATABASE_URL$|DEBUG$)/;
/** Variables recorded with their values; other values can hold paths and passwords. */
const TOLD: ReadonlySet<string> = new Set(['NODE_OPTIONS', 'UV_THREADPOOL_SIZE']);
/** Passes the names of withheld variables to child processes, so that their records can list them. */
const DROPPED = 'OVERLAP_DROPPED_VARIABLES';

type Variables = Readonly<Record<string, string | undefined>>;

/** Whether clients may use a proxy; by default not, since no loopback connection may go through one. */
export interface ProxyChoice {
  readonly keepProxy?: boolean;
}

/**
 * For programs that are not measured, such as npm: all variables but those of git hooks.
 *
 * @param given the variables of this process; replaced in tests only
 */
export function toolVariables(given: Variables = process.env): NodeJS.ProcessEnv {
  const kept = Object.entries(given).filter(([name]) => !OF_GIT.has(name));
  return { ...Object.fromEntries(kept), ...safeDirectories(given) };
}

/** For our git calls: messages in English, no prompts, no optional locks. */
export function gitVariables(given: Variables = process.env): NodeJS.ProcessEnv {
  return { ...toolVariables(given), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
}

/** For measured processes, targets and the bench of another checkout: no proxy, no database but ours. */
export function measuredVariables(
  { keepProxy = false }: ProxyChoice = {},
  given: Variables = process.env,
): NodeJS.ProcessEnv {
  const dropped = droppedNames(keepProxy, given);
  const kept = Object.entries(toolVariables(given)).filter(([name]) => !isUnwanted(name, keepProxy, given));
  const variables = Object.fromEntries(kept);
  return dropped.length === 0 ? variables : { ...variables, [DROPPED]: dropped.join(' ') };
}

/** The variables that may have affected the measurement, and those that were withheld, for the record. */
export function describeVariables(
  { keepProxy = false }: ProxyChoice = {},
  given: Variables = process.env,
): NonNullable<Environment['variables']> {
  const measured = measuredVariables({ keepProxy }, given);
  const names = Object.keys(measured).filter(
    (name) =>
      isSet(name, measured) && (MATTERING.test(name) || OF_PROXIES.test(name) || OF_POSTGRESQL.test(name)),
  );
  return {
    set: Object.fromEntries(names.sort().map((name) => [name, TOLD.has(name) ? measured[name]! : null])),
    dropped: droppedNames(keepProxy, given),
  };
}

function isUnwanted(name: string, keepProxy: boolean, given: Variables): boolean {
  // The user's own server may need them.
  if (OF_POSTGRESQL.test(name)) return !isSet('DATABASE_URL', given);
  return !keepProxy && OF_PROXIES.test(name);
}

/** The variables that this process withholds, and those that its parent withheld. */
function droppedNames(keepProxy: boolean, given: Variables): string[] {
  const before = given[DROPPED]?.split(' ') ?? [];
  const now = Object.keys(given).filter((name) => isSet(name, given) && isUnwanted(name, keepProxy, given));
  return [...new Set([...before, ...now])].sort();
}

function isSet(name: string, given: Variables): boolean {
  return given[name] !== undefined && given[name] !== '';
}

/** Keeps only the safe.directory setting of the machine's variables, which allows reading other users' checkouts. */
function safeDirectories(given: Variables): Record<string, string> {
  const values: string[] = [];
  for (let index = 0; index < Number(given.GIT_CONFIG_COUNT ?? 0); index++) {
    const [key, value] = [given[`GIT_CONFIG_KEY_${index}`], given[`GIT_CONFIG_VALUE_${index}`]];
    if (key === undefined || value === undefined) break;
    if (key.toLowerCase() === 'safe.directory') values.push(value);
  }
  if (values.length === 0) return {};
  const pairs = values.flatMap((value, index) => [
    [`GIT_CONFIG_KEY_${index}`, 'safe.directory'],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(values.length), ...Object.fromEntries(pairs) };
}
