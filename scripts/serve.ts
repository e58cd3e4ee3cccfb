import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Option } from '@commander-js/extra-typings';
import { writeFileWhole } from '../harness/whole-file.ts';
import { DISTRIBUTIONS, PROTOCOLS } from '../server/latency/parameters.ts';
import { startServer } from '../server/latency/server.ts';
import { createCommand, EXIT, type Main, readCommandLine, runCommand, wholeNumber } from './command.ts';

const DEFAULT_PORT = 8000;

const define = () =>
  createCommand('serve')
    .description('Runs the latency server until Ctrl-C; its page at / lists the routes and parameters.')
    .option('--port <n>', 'the port to listen on; 0 lets the system pick one', String(DEFAULT_PORT))
    .option(
      '--host <address>',
      'the address to listen on; a name listens on all its addresses (default: 127.0.0.1)',
    )
    .addOption(new Option('--protocol <name>', 'http2 is HTTP/2 over TLS').choices(PROTOCOLS).default('http'))
    .option('--certificate <file>', 'with TLS: the file for the certificate that clients should trust')
    .option('--seed <n>', 'sets the random numbers of each job (default: 0)')
    .option('--grace <ms>', 'how long closing waits for held requests', wholeNumber(0, 3_600_000), 5000)
    .optionsGroup('Capacity:')
    .option('--capacity <n>', 'the most requests in service at once (default: no limit)')
    .option('--queue <n>', 'the most requests in the queue; the next one gets 503 (default: no limit)')
    .option('--rate <n>', 'the most requests per second; above it the answer is 429 (default: no limit)')
    .option('--burst <n>', 'the most requests at once before the rate applies (default: those of one second)')
    .option('--schedule <file>', 'JSON: capacity, latency, rate and faults that change over time')
    .optionsGroup('Defaults for requests:')
    .addOption(new Option('--distribution <name>', 'the distribution of latencies').choices(DISTRIBUTIONS))
    .option('--jitter <ms>', 'uniform: half the width around the latency')
    .option('--deviation <ms>', 'normal: the standard deviation; the latency is the mean')
    .option('--sigma <n>', 'lognormal: the standard deviation of the logarithm; the latency is the median')
    .option('--shape <n>', 'pareto: how fast the tail falls; the latency is the least')
    .option('--size <bytes>', 'the least number of bytes in the body')
    .option('--fault <kinds>', 'error, reset, silence, truncate, slow; as in reset:0.1,slow:0.05')
    .option('--status <n>', 'fault=error: the status (default: 500)')
    .option('--bytes-per-second <n>', 'fault=slow: the rate of the body (default: 100)');

export const main: Main = async (argv, io) => {
  const command = define();
  await readCommandLine(command, argv, io);
  const { signal } = io;
  const { grace, certificate, schedule: file, ...settings } = command.opts();
  const schedule = file === undefined ? {} : { schedule: readScheduleFile(file) };
  // The server parses numbers and checks ranges with the same schema as for requests.
  const server = await startServer({ ...settings, ...schedule });
  try {
    for (const warning of server.warnings) io.warn(`WARNING: ${warning}`);
    if (certificate !== undefined && server.certificate !== null)
      writeFileWhole(certificate, server.certificate);
    const trust =
      server.certificate === null ? '' : certificate === undefined ? '-k ' : `--cacert ${certificate} `;
    io.print(`Listening on ${server.origin}; try curl ${trust}${server.origin}/delay/100`);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await server.close(grace);
  }
  return EXIT.done;
};

/** @throws one sentence if it cannot be read */
function readScheduleFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`--schedule ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
}

if (import.meta.main) await runCommand(main);
