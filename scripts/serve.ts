import { once } from 'node:events';
import { Option } from '@commander-js/extra-typings';
import { writeFileWhole } from '../harness/whole-file.ts';
import { DISTRIBUTIONS, PROTOCOLS } from '../server/latency/parameters.ts';
import { startServer } from '../server/latency/server.ts';
import { createCommand, EXIT, type Main, readCommandLine, runCommand, wholeNumber } from './command.ts';

const DEFAULT_PORT = 8000;

const define = () =>
  createCommand('serve')
    .description(
      'Runs the latency server by hand, until Ctrl-C; its page at / lists what requests can ask for.',
    )
    .option('--port <n>', 'the port to listen on; 0 lets the system pick one', String(DEFAULT_PORT))
    .option('--host <address>', 'where to listen; of a name, at all its addresses (default: 127.0.0.1)')
    .addOption(new Option('--protocol <name>', 'http2 is HTTP/2 over TLS').choices(PROTOCOLS).default('http'))
    .option('--certificate <file>', 'with TLS: where to write the certificate that clients should trust')
    .option('--seed <n>', 'fixes what is drawn for each job (default: 0)')
    .option('--grace <ms>', 'how long the end waits for what is held', wholeNumber(0, 3_600_000), 5000)
    .optionsGroup('Capacity:')
    .option('--capacity <n>', 'so many requests are worked on at once (default: no limit)')
    .option('--queue <n>', 'so many more wait, the next one gets 503 (default: no limit)')
    .option('--rate <n>', 'so many requests a second, beyond which the answer is 429 (default: no limit)')
    .option('--burst <n>', 'so many at once before the rate counts (default: those of one second)')
    .optionsGroup('What requests get that do not ask for something else:')
    .addOption(new Option('--distribution <name>', 'how latencies spread').choices(DISTRIBUTIONS))
    .option('--jitter <ms>', 'uniform: half the width around the latency')
    .option('--deviation <ms>', 'normal: the standard deviation; the latency is the mean')
    .option('--sigma <n>', 'lognormal: of the logarithm; the latency is the median')
    .option('--shape <n>', 'pareto: how fast the tail falls; the latency is the least')
    .option('--size <bytes>', 'at least so many bytes in the body')
    .option('--fault <kinds>', 'error, reset, silence, truncate, slow; as in reset:0.1,slow:0.05')
    .option('--status <n>', 'fault=error: the status (default: 500)')
    .option('--bytes-per-second <n>', 'fault=slow: how fast the body comes (default: 100)');

export const main: Main = async (argv, io) => {
  const command = define();
  await readCommandLine(command, argv, io);
  const { signal } = io;
  const { grace, certificate, ...settings } = command.opts();
  // The server reads text as numbers, and refuses what is out of range, by the same schema as for requests.
  const server = await startServer(settings);
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

if (import.meta.main) await runCommand(main);
