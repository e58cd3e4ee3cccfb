/** The oldest Node for commands. */
export const OLDEST_NODE: string;
