import type { Calibration } from "../api/calibration.js";
import { printableLine } from "../api/printable.js";
import { tolerated } from "../topology/timing.js";
import { type Interval, keepsOut, margin, type Verdict } from "./recommendation.js";

/** One node, measured idle and, unless it was active or was left, with busy processors. */
export interface NodeCalibration {
  readonly name: string;
  readonly idle: Calibration;
  readonly loaded: Calibration | null;
}

/** What the topology says now; milliseconds. */
export interface Present {
  readonly advertInterval: number;
  readonly downAdverts: number;
}

export const worstOf = ({ idle, loaded }: NodeCalibration): number =>
  Math.max(idle.worst, loaded?.worst ?? 0);

/**
 * Whether what the topology says would have kept false failovers out, margin included; null where nothing speaks
 * against it, and not every node was measured under load.
 */
export function presentHolds(nodes: readonly NodeCalibration[], present: Present): boolean | null {
  if (!nodes.every((node) => keepsOut(worstOf(node), present.advertInterval, present.downAdverts)))
    return false;
  return notLoaded(nodes).length === 0 ? true : null;
}

const isLoaded = ({ loaded }: NodeCalibration): boolean => loaded?.ended === "in-full";

const notLoaded = (nodes: readonly NodeCalibration[]): string[] =>
  nodes.filter((node) => !isLoaded(node)).map(({ name }) => name);

/** What was measured, what to write into the topology, and why. */
export function calibrateText(nodes: readonly NodeCalibration[], verdict: Verdict, present: Present): string {
  const width = Math.max(...nodes.map(({ name }) => name.length));
  const rows = nodes.flatMap((node) => {
    const quickest = verdict.nodes.find(({ node: name }) => name === node.name)?.quickest ?? null;
    const first = `${node.name.padEnd(width)}   idle ${stall(node.idle)}   ${loadWords(node)}   ${
      quickest === null
        ? "no interval holds"
        : `${isLoaded(node) ? "" : "so far "}holds from ${words(quickest)}`
    }`;
    return [first, ...notes(node).map((note) => `${"".padEnd(width)}   ! ${note}`)];
  });
  return `${[...rows.map((row) => `  ${printableLine(row)}`), "", ...reasons(nodes, verdict, present)].join("\n")}\n`;
}

function reasons(nodes: readonly NodeCalibration[], { recommended }: Verdict, present: Present): string[] {
  const { advertInterval, downAdverts } = present;
  const worst = nodes.reduce((most, node) => Math.max(most, worstOf(node)), 0);
  const most = tolerated(advertInterval, downAdverts);
  const needs = `the worst stall was ${length(worst)}; adverts every I ms, ${downAdverts} of them missed, tolerate (${downAdverts} - 1) x I, and ${margin} times the worst stall is asked for`;
  const left = notLoaded(nodes).join(" and ");
  const now = `The topology's ${advertInterval} ms x ${downAdverts} tolerates ${most} ms: ${
    {
      true: "it holds.",
      false: "false failovers are to be expected.",
      null: `nothing speaks against it, but what ${left} does under load is not known.`,
    }[`${presentHolds(nodes, present)}`]
  }`;
  const write = recommended === null ? null : key(recommended);
  const advice =
    write === null
      ? "No interval up to 1 s holds: find out who stops this machine (steal time, a hypervisor's snapshots) first."
      : `Recommended${left === "" ? "" : ", as far as is known"}: failover: { ${write} }`;
  return [printableLine(advice), `  Why: ${needs}.`, `  ${now}`];
}

const key = ({ profile, interval }: Interval): string =>
  profile === null ? `advert_interval: ${interval}ms` : `profile: ${profile}`;

const words = (found: Interval): string =>
  found.profile === null ? `${found.interval} ms` : `${found.interval} ms (${found.profile})`;

const length = (worst: number): string => (worst === 0 ? "below 1 ms" : `${worst.toFixed(1)} ms`);

const stall = ({ worst, seconds }: Calibration): string => `${length(worst)} in ${seconds.toFixed(0)} s`;

const loadWords = ({ loaded }: NodeCalibration): string =>
  loaded === null ? "not under load" : `under load ${stall(loaded)}`;

function notes({ idle, loaded }: NodeCalibration): string[] {
  const changes = idle.role_changes + (loaded?.role_changes ?? 0);
  return [
    ...(loaded === null
      ? ["it is active: move the virtual IPs and run this again, or load it all the same with --active-too"]
      : []),
    ...(loaded?.ended === "became-active"
      ? ["it became active under load, which was ended at once: its figures are of that time only"]
      : []),
    ...(changes > 0 ? [`${changes} changes of role while it was measured`] : []),
    ...(idle.priority === null
      ? ["this machine permits no real-time priority: keepalived waits like any other program there"]
      : []),
  ];
}
