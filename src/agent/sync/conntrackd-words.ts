import type { EngineWord } from "./look.js";

/** The part of an engine's word that `conntrackd -s` has. */
type Counted = Pick<EngineWord, "cached" | "injected" | "received">;

/** What `conntrackd -s` prints (conntrackd(8)); null for anything else. */
export function parseCounts(text: string): Counted | null {
  const cached = /^cache internal:\s+current active connections:\s+(\d+)/m.exec(text);
  const injected =
    /^external inject:\s+connections created:\s+(\d+)\s.*\s+connections updated:\s+(\d+)/m.exec(text);
  if (cached === null || injected === null) return null;
  const packets = [...text.matchAll(/(\d+) Pckts recv/g)].map(([, count]) => Number(count));
  return {
    cached: Number(cached[1]),
    injected: Number(injected[1]) + Number(injected[2]),
    // One line a link.
    received: packets.reduce((sum, count) => sum + count, 0),
  };
}

/** How often the kernel had news and nowhere to put them, in what `conntrackd -s runtime` prints. */
export const parseOverruns = (text: string): number =>
  Number(/netlink overrun:\s+(\d+)/.exec(text)?.[1] ?? 0);
