/** The number of connections that the server is designed for. */
const ENOUGH_CONNECTIONS = 10_050;
/** Reserve for the open files of a process besides its connections. */
const OTHER_FILES = 50;

/** A warning if the open-file limit is too low, with the remedy; empty if it is high enough or unknown. */
export function openFileWarning(): string[] {
  return sentenceFor(ENOUGH_CONNECTIONS, '');
}

/**
 * Checks that this process and its children can open this many connections at once.
 *
 * @param who the name of the experiment that needs them, as in `crawl`
 * @throws one sentence if the open-file limit is too low
 */
export function requireConnections(connections: number, who: string): void {
  const [sentence] = sentenceFor(connections, `, and ${who} needs ${connections}`);
  if (sentence !== undefined) throw new Error(sentence);
}

function sentenceFor(connections: number, need: string): string[] {
  const limit = openFileLimit();
  if (limit >= connections + OTHER_FILES) return [];
  return [
    `The open-file limit is ${limit}, so at most about ${Math.max(0, limit - OTHER_FILES)} connections can be open at ` +
      `once${need}; ulimit -n ${connections + OTHER_FILES} before the start raises it (as root, above the hard limit).`,
  ];
}

/** The limit of this process, which Node has raised to the hard limit; Infinity if unlimited or unknown. */
function openFileLimit(): number {
  // Otherwise the report would look up names of network peers.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files?: { soft: string | number } };
  };
  const limit = Number(userLimits?.open_files?.soft);
  return Number.isNaN(limit) ? Number.POSITIVE_INFINITY : limit;
}
