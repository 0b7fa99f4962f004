import type { About } from "./about.js";
import { aligned } from "./aligned.js";
import type { Promised } from "./drill.js";
import type { Verdict } from "./judge.js";
import { type LiveDrillResult, readingNames } from "./live/live-measurement.js";
import { addressOutage, type Measurement } from "./measurement.js";
import { ms } from "./milliseconds.js";
import type { RandomReport } from "./random/random-result.js";
import type { Timeline } from "./timeline.js";
import type { VpnDrillResult } from "./vpn/vpn-measurement.js";

/** One drill that was run. */
export interface DrillResult {
  readonly drill: string;
  readonly injected: string;
  /** ISO 8601, when the fault was injected. */
  readonly at: string;
  readonly expected: Promised;
  readonly seen: Measurement;
  readonly verdict: Verdict;
  readonly timeline: Timeline;
}

export type AnyResult = DrillResult | VpnDrillResult | LiveDrillResult;

/** What was run on which cluster. */
export interface DrillReport {
  readonly cluster: string;
  readonly about: About;
  readonly results: readonly AnyResult[];
  readonly random: RandomReport | null;
  /** What ended it all early: how the cluster was not ready although nothing was broken on purpose, or what else it was. */
  readonly unready: string | null;
}

/** Everything that was run met its expectation, and nothing was left out. */
export const isMet = ({ results, random, unready }: DrillReport): boolean =>
  unready === null && [...results, ...(random?.rounds ?? [])].every(({ verdict }) => verdict.pass);

export const isOfVpn = (result: AnyResult): result is VpnDrillResult => "struckSilent" in result.seen;

/** Of real nodes. */
export const isLive = (result: AnyResult): result is LiveDrillResult => "readings" in result.seen;

const columns = [
  "drill",
  "injected",
  "virtual IP silent",
  "service silent",
  "sessions",
  "back after",
  "verdict",
];

const orNever = (value: number | null): string => (value === null ? "never" : ms(value));

/** Seen and promised: `57 ms <= 85 ms`; `95 ms <= 85 + 30 ms` where the machine itself stood still for 30. */
function bounded(value: number, limit: number, noise: number): string {
  const allowed = value > limit && noise >= 1 ? `${Math.round(limit)} + ${ms(noise)}` : ms(limit);
  return `${ms(value)} ${value <= limit + noise ? "<=" : ">"} ${allowed}`;
}

function row({ drill, injected, expected, seen, verdict }: DrillResult): string[] {
  const { held, lost, backAfter } = seen.sessions;
  return [
    drill,
    injected,
    bounded(addressOutage(seen), expected.addressOutageAtMost, seen.noise),
    seen.serviceOutage === null ? "-" : bounded(seen.serviceOutage, expected.serviceOutageAtMost, seen.noise),
    held === 0 ? "-" : `${lost} of ${held} lost`,
    lost === 0 ? "-" : orNever(backAfter),
    verdict.pass ? "pass" : "FAIL",
  ];
}

const vpnColumns = [
  "drill",
  "injected",
  "clients struck silent",
  "others silent",
  "all right after",
  "verdict",
];

function vpnRow({ drill, injected, expected, seen, verdict }: VpnDrillResult): string[] {
  const { struckSilent, othersSilent, right, noise } = seen;
  return [
    drill,
    injected,
    bounded(struckSilent, expected.struckSilentAtMost, noise),
    bounded(othersSilent, expected.othersSilentAtMost, noise),
    right === null ? "never" : bounded(right, expected.rightWithin, noise),
    verdict.pass ? "pass" : "FAIL",
  ];
}

const liveColumns = ["drill", "injected", ...Object.values(readingNames), "verdict"];

const liveRow = ({ drill, injected, seen, verdict }: LiveDrillResult): string[] => [
  drill,
  injected,
  ...Object.values(readingNames).map((name) => {
    const found = seen.readings.find(({ what }) => what === name);
    return found === undefined ? "-" : bounded(found.value, found.atMost, found.noise);
  }),
  verdict.pass ? "pass" : "FAIL",
];

/** What was not judged, and why, once each. */
export const unmeasuredIn = (results: readonly AnyResult[]): string[] => [
  ...new Set(
    results
      .filter(isLive)
      .flatMap(({ seen }) => seen.unmeasured.map(({ what, why }) => `not measured: ${what} (${why})`)),
  ),
];

/** The tables at the end of `holdfast drill run`, and below them why a drill failed. */
export function table(results: readonly AnyResult[]): string {
  const vpn = results.filter(isOfVpn);
  const live = results.filter(isLive);
  const others = results.filter((result): result is DrillResult => !isOfVpn(result) && !isLive(result));
  const lines = [
    ...aligned(columns, others.map(row)),
    ...aligned(vpnColumns, vpn.map(vpnRow)),
    ...aligned(liveColumns, live.map(liveRow)),
    ...unmeasuredIn(results),
  ];
  const failures = results.flatMap(({ drill, verdict }) =>
    verdict.reasons.map((reason) => `${drill}: ${reason}`),
  );
  const met = results.filter(({ verdict }) => verdict.pass).length;
  return [...lines, ...failures, `${met} of ${results.length} drills met their expectations.`].join("\n");
}
