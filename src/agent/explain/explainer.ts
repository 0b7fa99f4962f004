import type { Cluster, Node } from "../../topology/cluster.js";
import type { Happening } from "../events/log.js";
import type { Sightings } from "../wire/sightings.js";
import type { HeardBeat } from "./cause.js";
import { explanation } from "./explanation.js";

/** What the explainer asks the agent for at the moment of a change. */
export interface ExplainerSources {
  /** Each peer's last beat, however old, and how many milliseconds ago it arrived. */
  peerBeats(): readonly HeardBeat[];
  /** Whether this node yields, and why. */
  decision(): { readonly yield: boolean; readonly why: string };
  /** When virtual addresses of a network arrived on this node. */
  arrivals(network: string): readonly number[];
}

/** Milliseconds until a change is told: a takeover's consequences are seen by then, and the wire's record has come. */
const patience = { takeover: 3_300, loss: 400 };

/** How long somebody's wish for a move explains a move. Milliseconds. */
const wishLasts = 15_000;

interface Pending {
  readonly timer: NodeJS.Timeout;
  tell(): void;
}

/** Turns each change of role into an event that says why it happened, what proves it, and where the time went. */
export class Explainer {
  private readonly roles: Map<string, string>;
  private readonly pending = new Map<string, Pending>();
  private wish: { readonly by: string; readonly until: number } | null = null;

  constructor(
    private readonly cluster: Cluster,
    private readonly node: Node,
    private readonly sightings: Sightings,
    private readonly sources: ExplainerSources,
    private readonly tell: (happening: Happening) => void,
    /** Roles that were told before, by a predecessor in the same process. */
    told: ReadonlyMap<string, string> = new Map(),
  ) {
    this.roles = new Map(told);
  }

  /** By network, as it was told or soon will be. */
  get told(): ReadonlyMap<string, string> {
    return this.roles;
  }

  /** Somebody asked for a move, through this node's agent. */
  planned(by: string): void {
    this.wish = { by, until: performance.now() + wishLasts };
  }

  /** @param at when keepalived reported it, milliseconds since the epoch */
  roleChanged(network: string, role: string, at: number = Date.now()): void {
    const from = this.roles.get(network) ?? null;
    if (from === role) return;
    this.roles.set(network, role);
    this.settle(network);
    const changed = performance.now();
    const beatsBefore = this.sources.peerBeats();
    const own = this.sources.decision();
    const plannedBy = this.wish !== null && changed < this.wish.until ? this.wish.by : null;
    const tell = (): void => {
      const elapsed = performance.now() - changed;
      const beatsSince = this.sources.peerBeats().map(({ beat, age }) => ({ beat, age: age - elapsed }));
      const seen = { sightings: this.sightings.on(network), addresses: this.sources.arrivals(network) };
      const change = { network, from, to: role, at, ...seen, beatsBefore, beatsSince, own, plannedBy };
      const nameOf = (address: string) => this.sightings.nodeAt(address);
      const { text, details } = explanation(this.cluster, this.node, change, nameOf);
      this.tell({ kind: "role", text, details: { ...details }, at });
    };
    const wait = from !== null && role === "master" ? patience.takeover : patience.loss;
    this.pending.set(network, { timer: setTimeout(() => this.settle(network), wait), tell });
  }

  /** Tells what is still to be told, with what is known. */
  stop(): void {
    for (const network of [...this.pending.keys()]) this.settle(network);
  }

  private settle(network: string): void {
    const pending = this.pending.get(network);
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    this.pending.delete(network);
    pending.tell();
  }
}
