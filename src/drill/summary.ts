import { addressOutage } from "./measurement.js";
import { percentile } from "./percentile.js";
import { type AnyResult, isLive, isOfVpn } from "./report.js";

/** One thing that was measured in every run of a drill. Milliseconds. */
export interface Figure {
  readonly name: string;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  /** What the most generous run was allowed. */
  readonly atMost: number;
}

/** All runs of one drill. */
export interface DrillSummary {
  readonly drill: string;
  readonly runs: number;
  /** Runs that met every expectation. */
  readonly met: number;
  readonly figures: readonly Figure[];
}

/** In the order in which the drills were first run. */
export function summarize(results: readonly AnyResult[]): DrillSummary[] {
  const runsOf = new Map<string, AnyResult[]>();
  for (const result of results) runsOf.set(result.drill, [...(runsOf.get(result.drill) ?? []), result]);
  return [...runsOf].map(([drill, runs]) => ({
    drill,
    runs: runs.length,
    met: runs.filter(({ verdict }) => verdict.pass).length,
    figures: figuresOf(runs),
  }));
}

interface Reading {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
}

function figuresOf(runs: readonly AnyResult[]): Figure[] {
  const readings = runs.flatMap(readingsOf);
  const names = [...new Set(readings.map(({ name }) => name))];
  return names.map((name) => {
    const own = readings.filter((reading) => reading.name === name);
    const values = own.map(({ value }) => value);
    return {
      name,
      p50: percentile(values, 0.5),
      p99: percentile(values, 0.99),
      worst: Math.max(...values),
      atMost: Math.max(...own.map(({ limit }) => limit)),
    };
  });
}

/** What never came has no figure: the run has failed for it. */
function readingsOf(result: AnyResult): Reading[] {
  const reading = (name: string, value: number | null, limit: number): Reading[] =>
    value === null ? [] : [{ name, value, limit }];
  if (isLive(result))
    return result.seen.readings.flatMap(({ what, value, atMost }) => reading(what, value, atMost));
  if (isOfVpn(result)) {
    const { seen, expected } = result;
    return [
      ...reading("clients struck silent", seen.struckSilent, expected.struckSilentAtMost),
      ...reading("others silent", seen.othersSilent, expected.othersSilentAtMost),
      ...reading("all right after", seen.right, expected.rightWithin),
    ];
  }
  const { seen, expected } = result;
  return [
    ...reading("virtual IP silent", addressOutage(seen), expected.addressOutageAtMost),
    ...reading("service silent", seen.serviceOutage, expected.serviceOutageAtMost),
    ...reading(
      "sessions back",
      seen.sessions.lost > 0 ? seen.sessions.backAfter : null,
      expected.sessionsBackWithin,
    ),
  ];
}
