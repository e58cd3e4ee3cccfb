import type { Environment } from '../record/schema.ts';
import type { Summary } from './summary.ts';

/** Facts about an environment, by name. */
export type EnvironmentFacts = ReadonlyMap<string, string>;

/** The words after a commit, by `dirty`: null if git could not tell. */
const CHANGES: Readonly<Record<string, string>> = {
  true: ', with changes',
  false: '',
  null: ', changes unknown',
};

function factsOf(environment: Environment): EnvironmentFacts {
  const { node, nodeFrom, undici, cpu, os, git, loadBefore } = environment;
  return new Map([
    ['Node', nodeFrom === 'machine' ? `${node}, as installed on the machine` : node],
    ['undici', `${undici.installed} (inside Node ${undici.insideNode})`],
    ['processor', `${cpu.model}, ${cpu.count} cores`],
    ['system', `${os.platform} ${os.release}, ${os.arch}`],
    ['load before', loadBefore.toFixed(2)],
    ['commit', git === null ? 'none' : `${git.commit.slice(0, 12)}${CHANGES[String(git.dirty)]}`],
    ...variableFacts(environment),
  ]);
}

/** Environment variables that may matter to a reader, if any. */
function variableFacts({ variables }: Environment): [string, string][] {
  if (variables === undefined) return [];
  const set = Object.entries(variables.set).map(([name, value]) =>
    value === null ? name : `${name}=${value}`,
  );
  const facts: [string, string][] = [
    ['variables', set.join(', ')],
    ['variables left out', variables.dropped.join(', ')],
  ];
  return facts.filter(([, value]) => value !== '');
}

/** The facts that hold for a whole run; for a mixed run, those that its experiments share. */
export function commonFacts({ environment, experiments }: Summary): EnvironmentFacts {
  const environments =
    environment === null ? experiments.flatMap((one) => one.environment ?? []) : [environment];
  const [first = new Map<string, string>(), ...others] = environments.map(factsOf);
  return new Map([...first].filter(([name, fact]) => others.every((facts) => facts.get(name) === fact)));
}

/** The facts of one experiment that do not hold for its whole run. */
export function ownFacts(environment: Environment, common: EnvironmentFacts): EnvironmentFacts {
  return new Map([...factsOf(environment)].filter(([name, fact]) => common.get(name) !== fact));
}
