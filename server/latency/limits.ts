/** As many connections as the server is built to hold. */
const ENOUGH_CONNECTIONS = 10_050;
/** Files that a process has open besides its connections, and some more. */
const OTHER_FILES = 50;

/** Says which limit is too low and how to raise it; empty where it is not, or where no such limit is known. */
export function openFileWarning(): string[] {
  return sentenceFor(ENOUGH_CONNECTIONS, '');
}

/**
 * Makes sure that this process, and those that it starts, can have so many connections open at once.
 *
 * @param who what needs them, as in `crawl`
 * @throws in one sentence where the open-file limit is too low
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

/** Of this process, which Node has raised as far as it may be; Infinity where there is none, or none is known. */
function openFileLimit(): number {
  // The report would otherwise look up names of network peers.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files?: { soft: string | number } };
  };
  const limit = Number(userLimits?.open_files?.soft);
  return Number.isNaN(limit) ? Number.POSITIVE_INFINITY : limit;
}
