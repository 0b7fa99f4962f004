/** `1 234 ms`: thousands are set apart by a thin space that does not break. */
export const ms = (value: number): string => `${grouped(Math.round(value))}\u00a0ms`;

/** `+314 ms`, `−15 ms`: after the fault, before it. */
export const after = (value: number): string => (value < 0 ? `\u2212${ms(-value)}` : `+${ms(value)}`);

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");

/** `2026-12-01 00:07:38 UTC`, or with milliseconds, of what `toISOString` printed; another text stays as it is. */
export function moment(iso: string, precise = false): string {
  const found = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{3})?Z$/.exec(iso);
  return found === null ? iso : `${found[1]} ${found[2]}${precise ? (found[3] ?? "") : ""} UTC`;
}

export const times = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : nouns}`;

/** `12 min 4 s`, between two moments. */
export function lasted(begun: string, ended: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(ended) - Date.parse(begun)) / 1_000));
  if (Number.isNaN(seconds)) return "";
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
