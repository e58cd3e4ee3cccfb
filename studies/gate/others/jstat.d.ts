/** The part of jstat that the rules use; the package has no types. */
declare module 'jstat' {
  const jstat: {
    readonly studentt: {
      /** The quantile of Student's t distribution. */
      inv(probability: number, degreesOfFreedom: number): number;
    };
  };
  export default jstat;
}
