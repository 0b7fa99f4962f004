import type { Event } from "../../api/event.js";
import type { Live, LiveOwners, LivePicture } from "../../api/live.js";
import type { Cluster } from "../../topology/cluster.js";

/** Who looks, as the agent knows him. */
export interface Person {
  readonly name: string;
  readonly role: "viewer" | "operator" | "node";
}

/** How many sessions a service had. */
export interface Sample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly sessions: Readonly<Record<string, number>>;
}

/** All that the page knows. */
export interface State {
  /** The node whose agent serves the page. */
  readonly node: string;
  /** Null before anything was applied. */
  readonly cluster: Cluster | null;
  readonly person: Person | null;
  readonly owners: LiveOwners | null;
  readonly picture: LivePicture | null;
  /** Of all nodes, oldest first, each once. */
  readonly events: readonly Event[];
  /** Machines whose events are missing. */
  readonly silent: readonly string[];
  readonly samples: readonly Sample[];
  /** The agent tells what happens; otherwise everything is as old as its last word. */
  readonly connected: boolean;
}

export const blank: State = {
  ...{ node: "", cluster: null, person: null, owners: null, picture: null, connected: false },
  ...{ events: [], silent: [], samples: [] },
};

/** Kept at most: an hour of samples, and as many events as one scrolls through. */
const mostSamples = 3_600;
const mostEvents = 3_000;

/** What the page knows once it was told something. Pure. */
export function told(state: State, live: Live): State {
  if (live.kind === "pulse") return state.connected ? state : { ...state, connected: true };
  if (live.kind === "owners") return { ...state, owners: live, connected: true };
  if (live.kind === "event") return { ...state, events: withEvents(state.events, [live.event]) };
  const sample = { at: Date.parse(live.at), sessions: sessionsIn(live) };
  return {
    ...{ ...state, picture: live, connected: true },
    samples: [...state.samples, sample].slice(-mostSamples),
  };
}

/** Old and new ones together, by time; an event is known by its node and number. */
export function withEvents(known: readonly Event[], more: readonly Event[]): readonly Event[] {
  const keys = new Set(known.map(keyOf));
  const fresh = more.filter((event) => !keys.has(keyOf(event)));
  if (fresh.length === 0) return known;
  return [...known, ...fresh].sort((one, other) => one.at.localeCompare(other.at)).slice(-mostEvents);
}

export const keyOf = ({ node, sequence }: Event): string => `${node} ${sequence}`;

const sessionsIn = ({ services }: LivePicture): Record<string, number> =>
  Object.fromEntries(services.map(({ name, sessions }) => [name, sessions]));
