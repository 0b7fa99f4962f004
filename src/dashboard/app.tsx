import { useEffect, useReducer, useState } from "preact/hooks";
import type { Event } from "../api/event.js";
import type { Live } from "../api/live.js";
import type { Cluster } from "../topology/cluster.js";
import { AskError, ask } from "./link/ask.js";
import { listen } from "./link/stream.js";
import { blank, type Person, type State, told, withEvents } from "./model/state.js";
import { Page } from "./page.js";
import { SignIn } from "./parts/sign-in.js";

type Change = (state: State) => State;

/** The page once one may look, and the door before it. */
export function App() {
  const [state, change] = useReducer<State, Change>((known, by) => by(known), blank);
  const [door, setDoor] = useState<"waiting" | "closed" | "open">("waiting");

  /** Asks who looks; where nobody answers all stays as it is. */
  const knock = async (): Promise<boolean> => {
    const answer = await ask<{ who: Person | null }>("GET", "/v1/session").catch(() => null);
    if (answer === null) return false;
    change((known) => ({ ...known, person: answer.who }));
    setDoor(answer.who === null ? "closed" : "open");
    return true;
  };
  const enter = async (): Promise<void> => {
    while (!(await knock())) await new Promise((resolve) => setTimeout(resolve, 1_500));
  };
  useEffect(() => void enter(), []);
  useEffect(() => (door === "open" ? follow(change, () => void knock()) : undefined), [door]);

  if (door === "waiting") return <main class="door">asking the agent</main>;
  if (door === "closed") return <SignIn entered={() => void enter()} />;
  return <Page state={state} leave={() => setDoor("closed")} />;
}

/** @param refused one may not look any more */
function follow(change: (by: Change) => void, refused: () => void): () => void {
  const load = async () => {
    const [site, past] = await Promise.all([
      ask<{ node: string; cluster: Cluster }>("GET", "/v1/cluster"),
      ask<{ events: Event[]; silent: string[] }>("GET", "/v1/cluster/events?limit=1000"),
    ]);
    change((known) => ({
      ...{ ...known, node: site.node, cluster: "name" in site.cluster ? site.cluster : null },
      ...{ events: withEvents(known.events, past.events), silent: past.silent },
    }));
  };
  const loaded = () =>
    void load().catch((error: unknown) => {
      if (error instanceof AskError && error.status === 401) refused();
    });
  return listen({
    told(live: Live) {
      change((known) => told(known, live));
      // Another generation may be another topology.
      if (live.kind === "event" && live.event.kind === "apply") loaded();
    },
    lost: () => change((known) => ({ ...known, connected: false })),
    back: loaded,
    refused,
  });
}
