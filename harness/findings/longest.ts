/** The most characters of each part of a finding, and the most details: longer ones do not fit their places. */
export const LONGEST = { headline: 120, short: 56, details: 3 } as const;
