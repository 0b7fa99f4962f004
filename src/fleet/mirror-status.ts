import { type ExchangeCounts, isPresent, type MirrorReport, type SwitchReport } from "../mirror/report.js";
import type { Mirror } from "../topology/cluster.js";
import type { Sighting } from "./sighting.js";

/** A service's mirror, in the shape that `status --json` prints. */
export interface MirrorStatus {
  /** Captured beside the path of its sessions, or by the multiplexer in it. */
  readonly via: "tap" | "inline";
  /** The master controller. */
  readonly to: string;
  /** Switches that are at the master controller. */
  readonly connected: number;
  /** Switches that speak to the service now. */
  readonly switches: number;
  /** Whole messages that were seen since the mirror began, and those that the master controller did not get. */
  readonly messages: number;
  readonly dropped: number;
  /** Messages that wait for it. */
  readonly queued: number;
  /** Times that a switch's thread was lost and found again, and bytes of no message that was seen. */
  readonly resyncs: number;
  readonly lost_bytes: number;
  /** Requests of the master controller's that no switch heard, as it did not read what it had asked for; left out with `tap`. */
  readonly shed?: number;
  /** Answers of switches to nothing that was open, which nobody got; left out with `tap`. */
  readonly unmatched?: number;
  /** Requests of controllers that were not answered in time; left out with `tap`. */
  readonly expired?: number;
  /**
   * Sessions that went past the multiplexer while it was away, and stay there until their switches connect anew; left out
   * with `tap`.
   */
  readonly past?: number;
  /** Why the copy is not whole; null where it is, and where no node says. */
  readonly why: string | null;
}

/** As the node that mirrors tells; nothing but zeros where none does. */
export function mirrorStatus(
  { to, via = "tap" }: Mirror,
  service: string,
  sightings: readonly Sighting[],
): MirrorStatus {
  const source = sightings.find(({ state, report }) => state.role === "active" && report?.mirrors?.length);
  const report = source?.report?.mirrors?.find((each) => each.service === service);
  const switches = report?.switches.filter(isPresent) ?? [];
  const { messages = 0, dropped = 0, resyncs = 0, lostBytes = 0 } = report?.totals ?? {};
  return {
    ...{ via, to: to.name },
    connected: switches.filter(({ state }) => state === "live").length,
    switches: switches.length,
    ...{ messages, dropped, resyncs, lost_bytes: lostBytes },
    ...(via === "inline" ? { ...exchanged(report), past: pastOf(service, sightings) } : {}),
    queued: switches.reduce((sum, each) => sum + each.queued.messages, 0),
    why: report === undefined ? null : reasons(report, switches),
  };
}

const exchanged = (report: MirrorReport | undefined): ExchangeCounts =>
  report?.exchange ?? { shed: 0, unmatched: 0, expired: 0 };

/** As the active node's HAProxy counts. */
const pastOf = (service: string, sightings: readonly Sighting[]): number =>
  sightings
    .filter(({ state }) => state.role === "active")
    .flatMap(({ state }) => state.haproxy.servers)
    .reduce((sum, server) => sum + (server.service === service ? (server.past ?? 0) : 0), 0);

/** Why the copy is not whole, and why the audit is not. */
function reasons(report: MirrorReport, switches: readonly SwitchReport[]): string | null {
  const unwritten = report.audit?.trouble ? `the audit is not written: ${report.audit.trouble}` : null;
  return [whyNot(report, switches), unwritten].filter((why) => why !== null).join("; ") || null;
}

function whyNot({ trouble, refused }: MirrorReport, switches: readonly SwitchReport[]): string | null {
  const apart = switches.find(({ state, why }) => state !== "live" && why !== "");
  const unknown = switches.filter(({ state }) => state === "unidentified");
  const met = unknown.filter((each) => each.met).length;
  const others = unknown.length - met;
  const strange = switches.filter(({ state }) => state === "unsupported").length;
  const reasons = [
    ...(met > 0 ? [`${met} connected before it was mirrored, and will be known when they connect anew`] : []),
    ...(others > 0
      ? [`${others} have not said who they are: no OpenFlow, or nobody has asked them yet`]
      : []),
    ...(strange > 0 ? [`${strange} speak a version that the master controller is not answered in`] : []),
    ...(refused > 0 ? [`${refused} connections were too many to be copied`] : []),
  ];
  return trouble ?? apart?.why ?? (reasons.length > 0 ? reasons.join("; ") : null);
}
