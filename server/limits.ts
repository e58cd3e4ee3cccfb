/** As many connections as the server is built to hold, and some files besides. */
const ENOUGH_FILES = 10_100;

/** Says which limit is too low and how to raise it; empty where it is not, or where no such limit is known. */
export function openFileWarning(): string[] {
  // The report would otherwise look up names of network peers.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files?: { soft: string | number } };
  };
  const limit = Number(userLimits?.open_files?.soft);
  if (!(limit < ENOUGH_FILES)) return [];
  return [
    `The open-file limit is ${limit}, so at most about ${Math.max(0, limit - 50)} connections can be open at once; ` +
      `ulimit -n ${2 * ENOUGH_FILES} before the start raises it.`,
  ];
}
