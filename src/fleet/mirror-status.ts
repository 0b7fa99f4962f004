import type { Mirror } from "../topology/cluster.js";
import type { Sighting } from "./sighting.js";

/** A service's mirror, in the shape that `status --json` prints. */
export interface MirrorStatus {
  readonly via: "tap";
  /** The master controller. */
  readonly to: string;
  /** Switches that are at the master controller. */
  readonly connected: number;
  /** Switches that speak to the service now. */
  readonly switches: number;
  /** Whole messages of theirs that were seen, and those that the master controller did not get. */
  readonly messages: number;
  readonly dropped: number;
  /** Messages that wait for it. */
  readonly queued: number;
  /** Times that a switch's thread was lost and found again, and bytes of no message that was seen. */
  readonly resyncs: number;
  readonly lost_bytes: number;
  /** Why the copy is not whole; null where it is, and where no node says. */
  readonly why: string | null;
}

/** As the node that mirrors tells; nothing but zeros where none does. */
export function mirrorStatus({ to }: Mirror, service: string, sightings: readonly Sighting[]): MirrorStatus {
  const source = sightings.find(({ state, report }) => state.role === "active" && report?.mirrors?.length);
  const report = source?.report?.mirrors?.find((each) => each.service === service);
  const switches = report?.switches ?? [];
  const sum = (count: (each: (typeof switches)[number]) => number) =>
    switches.reduce((total, each) => total + count(each), 0);
  const speaking = switches.filter(({ state }) => state !== "silent");
  const apart = speaking.find(({ state, why }) => state !== "live" && why !== "");
  const unknown = speaking.filter(({ state }) => state === "unidentified").length;
  return {
    via: "tap",
    to: to.name,
    connected: speaking.filter(({ state }) => state === "live").length,
    switches: speaking.length,
    messages: sum((each) => each.messages),
    dropped: sum((each) => each.dropped),
    queued: sum((each) => each.queued.messages),
    resyncs: sum((each) => each.resyncs),
    lost_bytes: sum((each) => each.lostBytes),
    why:
      report?.trouble ??
      apart?.why ??
      (unknown > 0
        ? `${unknown} connected before it was mirrored, and will be known when they connect anew`
        : null),
  };
}
