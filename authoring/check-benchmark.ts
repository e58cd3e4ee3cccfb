import { checkApi } from './api.ts';
import type { Benchmark } from './benchmark.ts';
import { checkVary } from './parameters.ts';

const FIELDS = [
  'question',
  'title',
  'brief',
  'api',
  'requests',
  'inputs',
  'vary',
  'current',
  'limit',
  'connections',
  'retries',
  'timeLimitMs',
  'profiles',
  'run',
  'strategies',
  'send',
];
const SIZES = ['requests', 'rounds', 'warmUpRounds'];

/**
 * Checks what an author declares.
 *
 * @throws one sentence that names the wrong setting
 */
export function checkBenchmark(benchmark: Benchmark): void {
  const { question, api, requests, inputs, vary = {}, current = {}, strategies } = benchmark;
  const stranger = Object.keys(benchmark).find((name) => !FIELDS.includes(name));
  if (stranger !== undefined)
    throw new Error(`There is no setting ${stranger}; there are ${FIELDS.join(', ')}.`);
  if (typeof question !== 'string' || question.trim() === '')
    throw new Error('question must be the question that the benchmark answers.');
  checkApi(api);
  checkFunctions(benchmark);
  if (inputs !== undefined && (!Array.isArray(inputs) || inputs.length === 0))
    throw new Error('inputs must be a list with at least one input.');
  if (inputs !== undefined && requests !== undefined)
    throw new Error('There is a request for each of the inputs; leave requests out.');
  if (requests !== undefined) checkCount('requests', requests);
  if (strategies !== undefined && 'strategy' in vary)
    throw new Error('strategies are a parameter called strategy; call the one in vary otherwise.');
  checkVary(strategies === undefined ? vary : { strategy: Object.keys(strategies), ...vary }, current);
  checkSizes(benchmark);
  const { timeLimitMs = 1 } = benchmark;
  if (!(timeLimitMs > 0)) throw new Error(`timeLimitMs must be above 0, and is ${timeLimitMs}.`);
}

function checkFunctions({ run, strategies, send }: Benchmark): void {
  if ((run === undefined) === (strategies === undefined))
    throw new Error('Give run, which sends all requests, or strategies with send, which sends one.');
  if (run !== undefined && typeof run !== 'function')
    throw new Error(
      'run must be a function, as in run: (urls, { concurrency }) => crawlAll(urls, { concurrency }).',
    );
  if (strategies !== undefined && typeof send !== 'function')
    throw new Error('strategies need send: (url) => …, which sends one request.');
  if (strategies !== undefined && Object.keys(strategies).length === 0)
    throw new Error('strategies must have at least one strategy.');
}

function checkSizes({ profiles = {}, inputs }: Benchmark): void {
  for (const [profile, size] of Object.entries(profiles))
    for (const [name, value] of Object.entries(size)) {
      if (!SIZES.includes(name))
        throw new Error(`profiles.${profile} has no ${name}; it has ${SIZES.join(', ')}.`);
      if (name !== 'warmUpRounds' || value !== 0) checkCount(`profiles.${profile}.${name}`, value);
      if (name === 'requests' && inputs !== undefined && Number(value) > inputs.length)
        throw new Error(`profiles.${profile}.requests is ${value}, and there are ${inputs.length} inputs.`);
    }
}

function checkCount(name: string, value: number | undefined): void {
  if (!Number.isInteger(value) || Number(value) < 1)
    throw new Error(`${name} must be a whole number above 0, and is ${value}.`);
}
