import type { HistoryEntry } from "../api/documents.js";
import type { Generation } from "../deploy/generation.js";

/** What a node knows when it asks itself whether it missed a change. */
export interface Sighted {
  readonly node: string;
  readonly programVersion: string;
  /** What runs here. */
  readonly current: Generation | null;
  /** A change is under way here. */
  readonly busy: boolean;
  /** Somebody took this node out of service. */
  readonly maintenance: boolean;
  /** The newest kept generation of each peer that answered; null where it has none. */
  readonly peers: readonly { readonly node: string; readonly kept: HistoryEntry | null }[];
  /** What each live peer's beats say that it runs; null where that is nothing. */
  readonly heard: readonly { readonly node: string; readonly generation: Generation | null }[];
}

export type CatchUpDecision =
  | { readonly kind: "settled" }
  /** A change is under way here, which has its own way to its end. */
  | { readonly kind: "busy" }
  /** Behind, and able to fetch it from that peer. */
  | { readonly kind: "apply"; readonly from: string; readonly entry: HistoryEntry }
  /** A live peer runs a newer one, and nobody answers who could say whether that is kept. */
  | { readonly kind: "unanswered"; readonly why: string }
  /** Behind, and not able to change that now. */
  | { readonly kind: "wait"; readonly why: string };

/** Whether this node missed a change that its peers keep, and what to do about it. Pure. */
export function catchUpDecision(seen: Sighted): CatchUpDecision {
  if (seen.busy) return { kind: "busy" };
  const [newest] = seen.peers
    .flatMap(({ node, kept }) => (kept === null ? [] : [{ node, entry: kept }]))
    .sort((a, b) => (isNewer(a.entry, b.entry) ? -1 : 1));
  const own = seen.current;
  const runs = (node: string, { number }: Generation) =>
    `${node} runs generation ${number}, this node ${own?.number ?? "none"}`;
  if (newest === undefined || !isNewer(newest.entry, own)) {
    const ahead = aheadAndSilent(seen);
    if (ahead === null) return { kind: "settled" };
    return {
      kind: "unanswered",
      why: `${runs(ahead.node, ahead.generation)}, and its agent does not answer: is the management network up?`,
    };
  }
  const { node: from, entry } = newest;
  const missed = runs(from, entry);
  if (seen.maintenance) return { kind: "wait", why: `${missed}: this node is in maintenance` };
  if (entry.program !== seen.programVersion)
    return {
      kind: "wait",
      why: `${missed}, made by holdfast ${entry.program}; this node has ${seen.programVersion}: install that here, or one version on all nodes and apply again`,
    };
  return { kind: "apply", from, entry };
}

function aheadAndSilent({ heard, peers, current }: Sighted): { node: string; generation: Generation } | null {
  // A node that runs none of its own, or does not know which, cannot tell whether that is behind.
  if (current === null) return null;
  const silent = heard.filter(({ node }) => !peers.some((peer) => peer.node === node));
  for (const { node, generation } of silent)
    if (generation !== null && isNewer(generation, current)) return { node, generation };
  return null;
}

/**
 * Two that were changed apart from each other may have given one number twice: neither is right, but both must choose
 * the same.
 */
const isNewer = (a: Generation, b: Generation | null): boolean =>
  b === null || a.number > b.number || (a.number === b.number && a.digest > b.digest);
