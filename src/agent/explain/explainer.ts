import type { Cluster, Node } from "../../topology/cluster.js";
import { vrrpNetworks } from "../../topology/select.js";
import type { Beat } from "../beats/beat.js";
import type { Happening } from "../events/log.js";
import type { Release } from "../release/release.js";
import type { Sightings } from "../wire/sightings.js";
import type { AddressMove } from "./address-watch.js";
import type { HeardBeat } from "./cause.js";
import type { NetworkChange } from "./change.js";
import { explanation } from "./explanation.js";

/** What the explainer asks the agent for at the moment of a change. */
export interface ExplainerSources {
  /** Each peer's last beat, however old, and how many milliseconds ago it arrived. */
  peerBeats(): readonly HeardBeat[];
  /** Whether this node yields, and why. */
  decision(): { readonly yield: boolean; readonly why: string };
  /** When virtual addresses of a network arrived on this node. */
  arrivals(network: string): readonly number[];
  /** Those that left it. */
  departures(network: string): readonly AddressMove[];
}

/** What is known of earlier times. */
export interface ToldBefore {
  /** By network: the roles that a predecessor in the same process knew. */
  readonly roles: ReadonlyMap<string, string>;
  /** Whether the log's last word is that this node owns the virtual IPs: what stays so needs no further word. */
  readonly owner: boolean;
}

export const toldNothing: ToldBefore = { roles: new Map(), owner: false };

/** Milliseconds until a change is told: a takeover's consequences are seen by then, and the wire's record has come. */
const patience = { takeover: 3_300, loss: 400 };

/** How long somebody's wish for a move explains a move. Milliseconds. */
const wishLasts = 15_000;

/** Milliseconds within which networks that change alike move together: all of them are in one sync group. */
const together = 1_500;

/** A peer's own word on why it yields. */
interface Confession {
  readonly beat: Beat;
  /** When it came; milliseconds of the steady clock. */
  readonly at: number;
}

/** Networks that changed together, to be told once. */
interface Pending {
  readonly timer: NodeJS.Timeout;
  readonly from: string | null;
  readonly to: string;
  /** The networks, and when keepalived reported each; milliseconds since the epoch. */
  readonly networks: Map<string, number>;
  /** By node: its first beat since then that tells of a fault, or that it yields. */
  readonly confessions: Map<string, Confession>;
  /** By network. */
  readonly releases: Map<string, Release>;
  tell(): void;
}

/**
 * Turns each change of owner into one event that says why it happened, what proves it, and where the time went, however
 * many networks moved. A node that goes from standby to fault and back moves nothing: its faults have their own events.
 */
export class Explainer {
  private readonly roles: Map<string, string>;
  private readonly masters = new Map<string, string>();
  private pending: Pending | null = null;
  private wish: { readonly by: string; readonly until: number } | null = null;

  constructor(
    private readonly cluster: Cluster,
    private readonly node: Node,
    private readonly sightings: Sightings,
    private readonly sources: ExplainerSources,
    private readonly tell: (happening: Happening) => void,
    private readonly before: ToldBefore = toldNothing,
  ) {
    this.roles = new Map(before.roles);
  }

  /** By network, as it was told or soon will be. */
  get told(): ReadonlyMap<string, string> {
    return this.roles;
  }

  /** When this node took over, as long as nobody has been told why (ISO 8601); else null. */
  get unexplained(): string | null {
    const { pending } = this;
    if (pending?.to !== "master") return null;
    return new Date(Math.min(...pending.networks.values())).toISOString();
  }

  /** Somebody asked for a move, through this node's agent. */
  planned(by: string): void {
    this.wish = { by, until: performance.now() + wishLasts };
  }

  /**
   * Whoever yields no longer says that it was master: that is remembered until this node is. And what it yields for may
   * be over before the change is told, while the beat that names it may come just after keepalived's goodbye.
   */
  heard(beat: Beat): void {
    const { node, networks, faults, yielding } = beat;
    const { pending } = this;
    if (pending !== null && !pending.confessions.has(node) && (yielding || faults.length > 0))
      pending.confessions.set(node, { beat, at: performance.now() });
    for (const [network, { vrrp }] of Object.entries(networks))
      if (vrrp === "master" && this.roles.get(network) !== "master") this.masters.set(network, node);
  }

  /** This became of sessions through the node that owned the network's virtual IPs before. */
  released(network: string, release: Release): void {
    if (this.pending?.to === "master") this.pending.releases.set(network, release);
  }

  /** @param at when keepalived reported it, milliseconds since the epoch */
  roleChanged(network: string, role: string, at: number = Date.now()): void {
    const known = this.roles.get(network);
    const owned = known === undefined ? this.before.owner : known === "master";
    this.roles.set(network, role);
    if (owned === (role === "master")) return;
    this.take(network, known ?? null, role, at);
  }

  /** Tells what is still to be told, with what is known. */
  stop(): void {
    this.settle();
  }

  private take(network: string, from: string | null, to: string, at: number): void {
    const { pending } = this;
    const alike =
      pending !== null &&
      (pending.to === "master") === (to === "master") &&
      (pending.from === null) === (from === null) &&
      !pending.networks.has(network) &&
      [...pending.networks.values()].every((other) => Math.abs(at - other) < together);
    if (alike) pending.networks.set(network, at);
    else {
      this.settle();
      this.pending = this.open(new Map([[network, at]]), from, to);
    }
  }

  private open(networks: Map<string, number>, from: string | null, to: string): Pending {
    const changed = performance.now();
    const beatsBefore = this.sources.peerBeats();
    const own = this.sources.decision();
    const lastMasters = new Map(this.masters);
    const plannedBy = this.wish !== null && changed < this.wish.until ? this.wish.by : null;
    const confessions = new Map<string, Confession>();
    const releases = new Map<string, Release>();
    const tell = (): void => {
      const elapsed = performance.now() - changed;
      const beatsSince = this.sources.peerBeats().map(({ beat, age }) => {
        const confession = confessions.get(beat.node);
        return confession
          ? { beat: confession.beat, age: changed - confession.at }
          : { beat, age: age - elapsed };
      });
      const change = {
        ...{ from, to, own, plannedBy, lastMasters },
        ...{ beatsBefore, beatsSince },
        found: from === null,
      };
      const nameOf = (address: string) => this.sightings.nodeAt(address);
      const { text, details } = explanation(
        this.cluster,
        this.node,
        { ...change, networks: this.seen(networks, releases) },
        nameOf,
      );
      this.tell({ kind: "role", text, details: { ...details }, at: Math.min(...networks.values()) });
    };
    const wait = from !== null && to === "master" ? patience.takeover : patience.loss;
    return {
      ...{ from, to, networks, confessions, releases, tell },
      timer: setTimeout(() => this.settle(), wait),
    };
  }

  /** In the topology's order. */
  private seen(
    networks: ReadonlyMap<string, number>,
    releases: ReadonlyMap<string, Release>,
  ): NetworkChange[] {
    return vrrpNetworks(this.cluster).flatMap(({ name: network }) => {
      const at = networks.get(network);
      if (at === undefined) return [];
      return [
        {
          ...{ network, at, sightings: this.sightings.on(network) },
          addresses: this.sources.arrivals(network),
          departures: this.sources.departures(network),
          release: releases.get(network) ?? null,
        },
      ];
    });
  }

  private settle(): void {
    const { pending } = this;
    if (pending === null) return;
    clearTimeout(pending.timer);
    this.pending = null;
    pending.tell();
  }
}
