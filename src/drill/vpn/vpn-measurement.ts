import type { Verdict } from "../judge.js";
import type { VpnExpectation } from "./vpn-drill.js";

/** What clients noticed, from the fault until all was right. Milliseconds. */
export interface VpnMeasurement {
  /** The longest silence between two clients of which the fault struck one, by echo requests each 50 ms. */
  readonly struckSilent: number;
  /** The longest silence between any two others. */
  readonly othersSilent: number;
  /** Until every server had the routes that it should, and every client reached whom it should; null where that did not come. */
  readonly right: number | null;
  /** What was otherwise at the end. */
  readonly wrong: readonly string[];
  /** What was right last of all. */
  readonly late: readonly string[];
  /** What another server's agent said of the one at fault; null where it said nothing, or was not asked. */
  readonly told: string | null;
  /** The longest silence of a client's own loopback address: how long the machine that carries the lab stood still. */
  readonly noise: number;
}

/** One drill of VPN servers that was run. */
export interface VpnDrillResult {
  readonly drill: string;
  readonly injected: string;
  /** ISO 8601, when the fault was injected. */
  readonly at: string;
  readonly expected: VpnExpectation;
  readonly seen: VpnMeasurement;
  readonly verdict: Verdict;
}

/** Holds what was seen against what was promised. */
export function judgeVpn(seen: VpnMeasurement, expected: VpnExpectation): Verdict {
  const reasons: string[] = [];
  const atMost = (what: string, value: number, limit: number): void => {
    if (value > limit + seen.noise)
      reasons.push(`${what} ${Math.round(value)} ms, expected at most ${Math.round(limit)} ms`);
  };
  atMost("clients that were struck silent for", seen.struckSilent, expected.struckSilentAtMost);
  atMost("other clients silent for", seen.othersSilent, expected.othersSilentAtMost);
  if (expected.told && seen.told === null) reasons.push("no agent said whose fault it is");
  if (seen.right === null) reasons.push("not all was right before the deadline", ...seen.wrong);
  else atMost("all was right after", seen.right, expected.rightWithin);
  return { pass: reasons.length === 0, reasons };
}
