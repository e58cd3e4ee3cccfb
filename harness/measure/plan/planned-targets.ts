import { Value } from 'typebox/value';
import type { ProfileName } from '../../model/experiment.ts';
import type { TargetOptions } from '../../model/target.ts';
import type { RemoteTarget } from '../process/remote.ts';
import type { NamedKind, TargetKinds } from '../process/target-kinds.ts';
import type { CatalogEntry } from './catalog.ts';
import { targetsOf } from './variants.ts';

/** The kind of a target that does not name a kind. */
const DEFAULT_KIND = 'latency';

/** A target that can be started. */
export interface PlannedTarget {
  readonly kind: NamedKind;
  /** The options that the experiment sets; they fit the kind's schema. */
  readonly options: TargetOptions;
  /** One sentence about why it cannot run on this machine, or null. */
  readonly missing: string | null;
}

/** The targets of an experiment, by their names in it. */
export type PlannedTargets = Readonly<Record<string, PlannedTarget>>;

/**
 * Loads the kind of each target of an experiment and checks its options before any process starts.
 *
 * @throws Error, one sentence that names the experiment and the target, if the kind is unknown or cannot be used, or an
 *   option is wrong
 */
export async function planTargets(
  entry: CatalogEntry,
  profile: ProfileName,
  kinds: TargetKinds,
): Promise<PlannedTargets> {
  const planned: Record<string, PlannedTarget> = {};
  for (const [name, { kind: given = DEFAULT_KIND, ...options }] of Object.entries(targetsOf(entry, profile)))
    try {
      const kind = await kinds.load(String(given));
      checkOptions(kind, options);
      planned[name] = { kind, options, missing: await kind.missing() };
    } catch (error) {
      throw new Error(`${entry.id}, target ${name}: ${(error as Error).message}`, { cause: error });
    }
  return planned;
}

/**
 * Why an experiment cannot run with its targets.
 *
 * @param remote a remote server that replaces the targets
 * @returns one sentence, or null if it can run
 */
export function reasonToSkip(targets: PlannedTargets, remote: RemoteTarget | undefined): string | null {
  const all = Object.values(targets);
  if (remote === undefined) return all.find(({ missing }) => missing !== null)?.missing ?? null;
  if (all.length !== 1 || Object.keys(all[0]!.options).length > 0)
    return 'It needs a server with its own settings, which --target cannot set.';
  const { name } = all[0]!.kind;
  if (name !== remote.kind)
    return `It waits on a server of the kind ${name}, but --target is of the kind ${remote.kind}.`;
  return null;
}

function checkOptions(kind: NamedKind, options: TargetOptions): void {
  const fault = faultOf(kind, options);
  if (fault !== null) throw new Error(`${fault}.`);
  kind.checkOptions?.(options);
}

/** Which option does not fit the schema, as a sentence without its full stop, or null. */
function faultOf({ name: kind, options: schema }: NamedKind, options: TargetOptions): string | null {
  const names = Object.keys(schema.properties);
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined)
    return `the kind ${kind} has no option ${unknown}; it has ${names.join(', ') || 'none'}`;
  const missing = schema.required?.find((name) => !(name in options));
  if (missing !== undefined) return `the kind ${kind} needs the option ${missing}`;
  if (Value.Check(schema, options)) return null;
  const [fault] = Value.Errors(schema, options);
  const option = fault?.instancePath.split('/')[1] ?? 'an option';
  const property = schema.properties[option] as { readonly enum?: readonly string[] } | undefined;
  const rule = property?.enum === undefined ? fault?.message : `must be one of ${property.enum.join(', ')}`;
  return `${option} ${rule ?? 'is wrong'}`;
}
