/** `npm run soak` has the time for all. */
export const isThorough = process.env.HOLDFAST_THOROUGH === "1";

/** These few; in `npm run soak` all. */
export const few = <T>(all: readonly T[], these: readonly T[]): readonly T[] => (isThorough ? all : these);

/** Every so-manieth of what takes seconds each, the first among them: enough to see that nothing broke. All of it in `npm run soak`. */
export const some = <T>(all: readonly T[], every: number): readonly T[] =>
  isThorough ? all : all.filter((_, index) => index % every === 0);
