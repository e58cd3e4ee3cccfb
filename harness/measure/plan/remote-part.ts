import type { ProfileName, VariantFields, Workload } from '../../model/experiment.ts';
import type { CatalogEntry } from './catalog.ts';
import { targetsOf } from './variants.ts';

/**
 * The part of an experiment that a server given by --target can serve: the groups whose rows all wait on its first target.
 * Others have settings of their own, which --target cannot set. If the first target has some, the experiment stays whole.
 */
export function remotePart(entry: CatalogEntry, profile: ProfileName): CatalogEntry {
  const { experiment } = entry;
  const targets = Object.entries(targetsOf(entry, profile));
  const [first, settings] = targets[0]!;
  if (targets.length === 1 || Object.keys(settings).length > 0) return entry;
  const isServed = (work: Workload) => {
    const others = experiment.variants(work).filter(({ target = first }) => target !== first);
    const groups = new Set(others.map(({ group }) => group));
    return ({ group }: VariantFields) => !groups.has(group);
  };
  const { peers } = experiment;
  return {
    ...entry,
    experiment: {
      ...experiment,
      targets: () => ({ [first]: settings }),
      variants: (work) => experiment.variants(work).filter(isServed(work)),
      ...(peers === undefined ? {} : { peers: (work: Workload) => peers(work).filter(isServed(work)) }),
    },
  };
}
