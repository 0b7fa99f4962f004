/** A time as every verdict and table of the drills says it: whole milliseconds. */
export const ms = (value: number): string => `${Math.round(value)} ms`;
