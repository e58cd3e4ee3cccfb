import type { RunRecord } from '../../record/schema.ts';
import type { NamedKind, TargetKinds } from './target-kinds.ts';
import type { ProxyChoice } from './variables.ts';

/** This machine, by the names of it that a URL can have. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** A server that somebody started, here or on another machine, and the kind that it is of. */
export type RemoteTarget = NonNullable<RunRecord['remote']> & { readonly kind: string };

/**
 * Makes sure that a server elsewhere is there and can be measured against.
 *
 * @param url as in `http://10.0.0.2:8000`
 * @param kinds the first one whose address it can be checks it
 * @param choice whether clients may go through a proxy to get there
 * @throws in one sentence where it is the address of none, the kind's check finds something wrong, or it is here and not
 *   to be reached by a proxy
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
      `--target is of no use here: no kind of target (${kinds.names.join(', ')}) can be on another machine.`,
    );
  throw new Error(`--target must be the address ${addresses.join(', or ')}, and not ${url}.`);
}

async function load(name: string, kinds: TargetKinds): Promise<NamedKind> {
  try {
    return await kinds.load(name);
  } catch (error) {
    throw new Error(`--target cannot be used: ${(error as Error).message}`);
  }
}
