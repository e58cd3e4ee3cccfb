import type { RunRecord } from '../../record/schema.ts';
import type { NamedKind, TargetKinds } from './target-kinds.ts';
import type { ProxyChoice } from './variables.ts';

/** The host names of this machine in URLs. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** A server that the user started, here or on another machine, and its target kind. */
export type RemoteTarget = NonNullable<RunRecord['remote']> & { readonly kind: string };

/**
 * Checks that a server given by --target answers and fits a kind of target.
 *
 * @param url as in `http://10.0.0.2:8000`
 * @param kinds the first kind that accepts the address checks the server
 * @param choice whether clients may reach the server through a proxy
 * @throws one sentence if no kind accepts the address, the kind's check fails, or a server on this machine would be
 *   reached through a proxy
 */
export async function checkRemoteTarget(
  url: string,
  kinds: TargetKinds,
  { keepProxy = false }: ProxyChoice = {},
): Promise<RemoteTarget> {
  const { kind, origin } = await recognize(url, kinds);
  if (keepProxy && LOOPBACK.test(new URL(origin).hostname))
    throw new Error(`--keep-proxy is for a --target on another machine; ${origin} is this one.`);
  try {
    const { version, settings } = await kind.elsewhere!.check(origin);
    return {
      kind: kind.name,
      origin,
      version,
      ...(keepProxy ? { keepProxy } : {}),
      ...(settings === undefined ? {} : { settings: { ...settings } }),
    };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    throw new Error(`--target ${url} cannot be measured against: ${message || code}.`);
  }
}

async function recognize(url: string, kinds: TargetKinds): Promise<{ kind: NamedKind; origin: string }> {
  const parsed = URL.parse(url);
  const addresses: string[] = [];
  for (const name of kinds.names) {
    const kind = await load(name, kinds);
    if (kind.elsewhere === null) continue;
    const origin = parsed === null ? null : kind.elsewhere.originOf(parsed);
    if (origin !== null) return { kind, origin };
    addresses.push(`of a ${name} server, as ${kind.elsewhere.example}`);
  }
  if (addresses.length === 0)
    throw new Error(
      `--target cannot be used: no kind of target (${kinds.names.join(', ')}) can be on another machine.`,
    );
  throw new Error(`--target must be the address ${addresses.join(', or ')}, not ${url}.`);
}

async function load(name: string, kinds: TargetKinds): Promise<NamedKind> {
  try {
    return await kinds.load(name);
  } catch (error) {
    throw new Error(`--target cannot be used: ${(error as Error).message}`);
  }
}
