/**
 * One line of `fping -D -l`: `[1795564793.19098] 10.9.0.2 : [0], 20 bytes, 0.044 ms (...)`. Returns the moment of the
 * reply in milliseconds; null for anything else, `timed out` among it.
 */
export function replyAt(line: string): number | null {
  // fping 5.1 prints hundredths of a millisecond, cut to five digits and padded with zeros.
  const match = /^\[(\d+\.\d+)\] \S+ +: \[\d+\], \d+ bytes, /.exec(line);
  return match?.[1] === undefined ? null : Number(match[1]) * 1_000;
}

/** The same line, of a probe that asks several addresses. */
export function replyFrom(line: string): { readonly address: string; readonly at: number } | null {
  const at = replyAt(line);
  const address = /^\S+ (\S+) +: /.exec(line)?.[1];
  return at === null || address === undefined ? null : { address, at };
}

/** One line of the service probe: `{"at": MS}`. */
export function greetedAt(line: string): number | null {
  const match = /^\{"at":(\d+(?:\.\d+)?)\}$/.exec(line);
  return match?.[1] === undefined ? null : Number(match[1]);
}
