const written = /^([0-9]{1,7})(ms|s)$/;

/** The milliseconds of `100ms` or `1s`, or null when the text is neither. */
export function parseDuration(text: string): number | null {
  const [, count, unit] = written.exec(text) ?? [];
  if (count === undefined) return null;
  return Number(count) * (unit === "s" ? 1000 : 1);
}

/** Milliseconds as an operator would write them: 1000 is `1s`, 100 is `100ms`. */
export const formatDuration = (milliseconds: number): string =>
  milliseconds >= 1000 && milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
