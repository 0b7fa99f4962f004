import type { OwnerSpan } from "./measurement.js";
import type { WireEvent } from "./wire.js";

/** A time in which one node said that it owns a network's virtual IPs. Wall-clock milliseconds. */
export interface Ownership {
  /** The node's address on that network. */
  readonly source: string;
  readonly mac: string;
  readonly from: number;
  readonly until: number;
}

/**
 * Who owned the network when. An ownership begins with the first advert and ends with one of priority 0, or with the
 * last before more than `silence` milliseconds without any.
 */
export function ownerships(events: readonly WireEvent[], silence: number): Ownership[] {
  const finished: Ownership[] = [];
  const open = new Map<string, Ownership>();
  for (const event of events) {
    if (event.kind !== "advert") continue;
    const { source, mac, at, priority } = event;
    const current = open.get(source);
    const continues = current !== undefined && at - current.until <= silence;
    if (current && (priority === 0 || !continues)) {
      finished.push(continues ? { ...current, until: at } : current);
      open.delete(source);
    }
    if (priority > 0) open.set(source, { source, mac, from: continues ? current.from : at, until: at });
  }
  return [...finished, ...open.values()].sort((a, b) => a.from - b.from);
}

/** How often the virtual IPs passed from one node to another. */
export const ownerChanges = (spans: readonly Ownership[]): number =>
  spans.filter((span, index) => index > 0 && spans[index - 1]?.source !== span.source).length;

/** The most moves from one node to another on any network after a moment of the spans' own time. */
export function movesSince(moment: number, spans: readonly OwnerSpan[]): number {
  const late = spans.filter(({ until }) => until >= moment);
  const networks = [...new Set(late.map(({ network }) => network))];
  const moves = networks.map((network) => {
    const own = late.filter((span) => span.network === network).map(({ node }) => node);
    return own.filter((node, index) => index > 0 && own[index - 1] !== node).length;
  });
  return Math.max(0, ...moves);
}

/**
 * When two nodes acted as owner: both sent adverts, or one answered for an address of `addresses` while another owned it.
 * Wall-clock milliseconds.
 *
 * @param nodes the link-layer addresses of all nodes there
 */
export function contests(
  events: readonly WireEvent[],
  spans: readonly Ownership[],
  addresses: readonly string[],
  nodes: ReadonlySet<string>,
): { readonly from: number; readonly until: number }[] {
  const both = spans.flatMap((one) =>
    spans
      .filter((other) => other.source !== one.source && other.from >= one.from)
      .map((other) => ({ from: other.from, until: Math.min(one.until, other.until) })),
  );
  const stray = events.flatMap((event) => {
    if (event.kind === "advert" || !addresses.includes(event.address)) return [];
    const owner = spans.findLast((span) => span.from <= event.at && event.at <= span.until);
    return owner && nodes.has(event.mac) && owner.mac !== event.mac
      ? [{ from: owner.from, until: event.at }]
      : [];
  });
  return [...both, ...stray].filter(({ from, until }) => until > from);
}

/** The longest of them. Milliseconds. */
export const twoOwners = (...heard: Parameters<typeof contests>): number =>
  Math.max(0, ...contests(...heard).map(({ from, until }) => until - from));
