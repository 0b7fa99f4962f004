const written = /^([1-9][0-9]{0,3})(KiB|MiB)$/;

/** The bytes of `64KiB` or `4MiB`, or null when the text is neither. */
export function parseSize(text: string): number | null {
  const [, count, unit] = written.exec(text) ?? [];
  if (count === undefined) return null;
  return Number(count) * (unit === "MiB" ? 1_048_576 : 1_024);
}

/** Bytes as an operator would write them: 4194304 is `4MiB`. */
export const formatSize = (bytes: number): string =>
  bytes % 1_048_576 === 0 ? `${bytes / 1_048_576}MiB` : `${Math.ceil(bytes / 1_024)}KiB`;
