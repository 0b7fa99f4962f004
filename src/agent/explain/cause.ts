import type { Beat } from "../beats/beat.js";
import type { Sighting } from "../wire/sighting.js";

type Advert = Extract<Sighting, { kind: "advert" }>;

/** A peer's last beat, and how many milliseconds before the change (or after it, negative) it arrived. */
export interface HeardBeat {
  readonly beat: Beat;
  readonly age: number;
}

/** What is known about a peer that was the owner before. */
export interface FormerOwner {
  readonly name: string;
  /** Its VRRP priority, as configured. */
  readonly priority: number;
  /** Its last advert on this network; null where the wire was not watched in time. */
  readonly lastAdvert: Advert | null;
  /** The last beat that had come when the role changed. */
  readonly before: HeardBeat | null;
  /** The last that has come by now. */
  readonly since: HeardBeat | null;
}

export interface Circumstances {
  readonly network: string;
  /** Milliseconds between two adverts. */
  readonly advertInterval: number;
  /** Adverts that may be missed. */
  readonly downAdverts: number;
  /** This node's VRRP priority. */
  readonly priority: number;
  /** When this node decided, milliseconds since the epoch. */
  readonly decided: number;
  /** Null when nobody was seen to own the network before. */
  readonly former: FormerOwner | null;
  /** Who asked for the move, if it was asked for. */
  readonly plannedBy: string | null;
}

/** Whether somebody wanted the move. */
export const isPlanned = ({ former, plannedBy }: Circumstances): boolean =>
  plannedBy !== null ||
  (former?.lastAdvert?.priority === 0 &&
    [former.before, former.since].some((heard) => heard?.beat.yielding && heard.beat.faults.length === 0));

/** What is left to say where nothing on the network itself was amiss. */
const along = "it moved together with another network";

/** Another network of the same node was the reason. */
export const movedAlong = (circumstances: Circumstances): boolean => takeoverCause(circumstances) === along;

/** Why this node took over, in one clause. */
export function takeoverCause(circumstances: Circumstances): string {
  const { former, plannedBy } = circumstances;
  if (plannedBy !== null) return `asked for by ${plannedBy}`;
  if (former === null) return "nobody else was heard";
  const { name, lastAdvert } = former;
  const words = [former.before, former.since].flatMap((heard) =>
    heard && !isAfterwards(heard.beat) ? [heard.beat] : [],
  );
  const faults = words.find((beat) => beat.faults.length > 0)?.faults ?? [];
  const gone = faults.includes("keepalived-gone");
  const said = withdrawal(name, words, faults, gone);
  if (lastAdvert?.priority === 0) return said ?? `${name} gave the virtual IPs up`;
  const lives = livesOn(former);
  const rank = lastAdvert?.priority ?? former.priority;
  const preferred =
    rank < circumstances.priority
      ? `this node is preferred (priority ${circumstances.priority} against ${rank})`
      : null;
  const missing = lastAdvert ? missed(circumstances, lastAdvert) : circumstances.downAdverts;
  if (missing < 1) return preferred ?? said ?? along;
  const silence = lastAdvert ? ` (${missing} ${missing === 1 ? "advert" : "adverts"} missed)` : "";
  if (said !== null) return `${said}${silence}`;
  if (!lives) return `${name} lost power or every link${silence}`;
  // A preferred node's timer starts at an advert's arrival, and so runs out just when the next one is due.
  if ((lastAdvert === null || missing < circumstances.downAdverts) && preferred !== null) return preferred;
  return `${name} lives, but its adverts no longer arrive${silence}`;
}

/** That there are two owners follows from this takeover, and is no cause of it. */
const isAfterwards = ({ faults }: Beat): boolean =>
  faults.length > 0 && faults.every((fault) => fault.startsWith("second-owner:"));

/** Why the peer withdrew, in the words of its beats. */
function withdrawal(
  name: string,
  words: readonly Beat[],
  faults: readonly string[],
  gone: boolean,
): string | null {
  if (gone) return `${name}'s keepalived ended`;
  const link = faults.find((fault) => fault.startsWith("interface-down:"));
  if (link !== undefined) return `${name}'s link to ${link.slice("interface-down:".length)} is down`;
  if (faults.length > 0) return `${name} yields: ${faults.join(", ")}`;
  return words.some((beat) => beat.yielding) ? `${name} steps back as planned` : null;
}

/** A tenth of an interval is the jitter of a busy machine, not an advert. */
const jitter = 0.1;

/** Adverts that should have come and did not. */
const missed = ({ decided, advertInterval, downAdverts }: Circumstances, last: Advert): number =>
  Math.min(downAdverts, Math.floor((decided - last.at) / advertInterval + jitter));

/** Beats go on after the change: the node has power, and a path to this one. */
export const livesOn = ({ since }: FormerOwner): boolean => since !== null && since.age < 0;

/** Why this node no longer is the owner. */
export function lossCause(
  role: string,
  own: { readonly yield: boolean; readonly why: string },
  rival: Advert | null,
  /** A virtual IP that somebody had taken from this node's interface before keepalived stepped back. */
  removed: string | null,
  nameOf: (address: string) => string | null,
): string {
  if (own.yield) return own.why;
  // A link that goes down takes its addresses along: then keepalived says FAULT.
  if (removed !== null && role === "backup")
    return `${removed} was removed from this node's interface, not by keepalived`;
  if (role === "init" || role === "stop") return "keepalived on this node ended";
  if (role === "fault") return "keepalived found an interface of this node down";
  if (rival === null) return "keepalived's own election";
  return `${nameOf(rival.source) ?? rival.source} is preferred (priority ${rival.priority})`;
}
