import type { Answered } from "./asked.js";
import { type Finding, findingsOf } from "./finding.js";

/** Milliseconds: events of several nodes are told in one order. */
const noticeable = 1_000;
/** Milliseconds for which certificates are dated back (pki/issue.ts): beyond it a new one is not valid yet. */
const certificates = 3_600_000;

const { ok, warning, error, unknown } = findingsOf("clock");

/** Who could know whether somebody keeps this machine's clock. */
export interface ClockKeepers {
  /** What `timedatectl show` says; null where it cannot be asked. */
  readonly timedatectl: string | null;
  /** What `chronyc -n tracking` says; null likewise. */
  readonly chronyc: string | null;
  /** What kind of container this is (/run/systemd/container); null where it is none. */
  readonly container: string | null;
}

/** Whether somebody keeps this machine's clock. */
export function ownClock({ timedatectl, chronyc, container }: ClockKeepers): Finding {
  const place = "this machine";
  const cure = "install and start chrony or systemd-timesyncd, and let it reach its servers";
  if (chronyc !== null) {
    const leap = /^Leap status\s*:\s*(.*\S)\s*$/m.exec(chronyc)?.[1];
    if (leap === "Normal") return ok(place, "chrony keeps the clock");
    if (leap !== undefined) return warning(place, `chrony does not keep the clock: ${leap}`, cure);
  }
  const synchronised = /^NTPSynchronized=(yes|no)$/m.exec(timedatectl ?? "")?.[1];
  if (synchronised === "yes") return ok(place, "the clock is synchronised");
  // Its kernel is its host's, and timesyncd does not even start in one (systemd-timesyncd.service, ConditionVirtualization).
  if (container !== null)
    return unknown(place, `a container (${container}): its clock is its host's, and kept there or nowhere`);
  if (synchronised === "no") return warning(place, "nobody synchronises the clock", cure);
  return unknown(place, "neither timedatectl nor chronyc says whether the clock is synchronised", cure);
}

/** A node's clock against the asker's, as NTP reckons it (RFC 5905, 8): whatever the node did meanwhile does not count. */
export function offsetOf({ sent, got, report }: Pick<Answered, "sent" | "got" | "report">): {
  readonly offset: number;
  readonly error: number;
} {
  const { received, answered } = report;
  return {
    offset: (received - sent + (answered - got)) / 2,
    error: Math.max(0, got - sent - (answered - received)) / 2,
  };
}

/** The clocks of two nodes against each other. */
export function clocksApart(
  asker: string,
  { node, offset, error: about }: { node: string; offset: number; error: number },
): Finding {
  const apart = Math.max(0, Math.abs(offset) - about);
  const words = `${seconds(offset)} ${offset < 0 ? "behind" : "ahead of"} ${asker} (to within ${seconds(about)})`;
  const cure = `set the clock of ${node} or ${asker}, and keep both by NTP`;
  if (apart > certificates)
    return error(asker, `${words}: new certificates are not valid there yet, or not any more here`, cure);
  if (apart > noticeable)
    return warning(asker, `${words}: what happened first can no longer be told from the events`, cure);
  return ok(asker, `within ${seconds(Math.abs(offset) + about)} of ${asker}`);
}

const seconds = (milliseconds: number): string => `${(Math.abs(milliseconds) / 1_000).toFixed(3)} s`;
