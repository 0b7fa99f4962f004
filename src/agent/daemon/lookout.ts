import type { Logger } from "pino";
import type { Host } from "../../host/host.js";
import type { ServerState } from "../../observe/state.js";
import type { NodeDocument } from "../../render/node-json.js";
import type { Cluster, Node } from "../../topology/cluster.js";
import { nodeNamed } from "../../topology/select.js";
import type { Agent } from "../agent.js";
import type { RoleChange } from "../agent-listener.js";
import type { Beat } from "../beats/beat.js";
import { PoolReaper } from "../engines/pool-reaper.js";
import { AddressWatch } from "../explain/address-watch.js";
import { Explainer, type ToldBefore } from "../explain/explainer.js";
import type { Release } from "../release/release.js";
import { agentTiming } from "../timing.js";
import { announce } from "../wire/announce.js";
import { Sightings } from "../wire/sightings.js";
import { type TwoOwnersState, TwoOwnersWatch } from "../wire/two-owners-watch.js";
import { WireWatch } from "../wire/wire-watch.js";
import type { Tell } from "./tell.js";

/** What looks at the wire and the addresses for one topology, and explains what happens to the node's roles. */
export class Lookout {
  private readonly sightings: Sightings;
  private readonly addresses: AddressWatch;
  private readonly twoOwners: TwoOwnersWatch;
  private readonly wire: WireWatch;
  private readonly explainer: Explainer;
  private readonly reaper: PoolReaper;
  private readonly roles = new Map<string, string>();

  constructor(
    readonly document: NodeDocument,
    agent: () => Agent,
    host: Host,
    tell: Tell,
    log: Logger,
    before: ToldBefore,
  ) {
    const { cluster } = document;
    const node: Node = nodeNamed(cluster, document.node);
    this.sightings = new Sightings(cluster);
    this.addresses = new AddressWatch(cluster);
    const { freshness } = agentTiming(cluster);
    const alone = (networks: readonly string[]) =>
      announce(host, cluster, node, networks, (network) => this.twoOwners.isSoleOwner(network)).catch(
        (error: unknown) =>
          log.error({ error, networks }, "the virtual IPs could not be announced after two owners"),
      );
    this.twoOwners = new TwoOwnersWatch(cluster, node, freshness, this.sightings, tell, alone);
    this.wire = new WireWatch(
      cluster,
      this.sightings,
      (network, sighting) => this.twoOwners.sighted(network, sighting),
      log,
    );
    const sources = {
      peerBeats: () => agent().heardBeats(),
      decision: () => {
        const { yielding, why } = agent().report();
        return { yield: yielding, why };
      },
      arrivals: (network: string) => this.addresses.on(network),
      departures: (network: string) => this.addresses.departures(network),
    };
    this.explainer = new Explainer(cluster, node, this.sightings, sources, tell, before);
    this.reaper = new PoolReaper(host, cluster, {
      deleted: (server) => log.info({ server }, "a removed server has lost its last session and is deleted"),
      failed: (why) => log.warn({ why }, "a removed server could not be deleted"),
    });
  }

  get cluster(): Cluster {
    return this.document.cluster;
  }

  get owners(): TwoOwnersState[] {
    return this.twoOwners.state;
  }

  /** Why the wire is not watched; null while it is. */
  get trouble(): string | null {
    return this.wire.trouble;
  }

  /** The node's role on each network, as it was last told. */
  get toldRoles(): ReadonlyMap<string, string> {
    return this.explainer.told;
  }

  /** When this node took over, as long as nobody has been told why (ISO 8601); else null. */
  get unexplained(): string | null {
    return this.explainer.unexplained;
  }

  /** Somebody asked for a move. */
  planned(by: string): void {
    this.explainer.planned(by);
  }

  role({ network, to }: Pick<RoleChange, "network" | "to">): void {
    this.roles.set(network, to);
    this.twoOwners.role(network, to);
    this.wire.owns([...this.roles.values()].some((role) => role === "master"));
    this.explainer.roleChanged(network, to);
  }

  released(network: string, release: Release): void {
    this.explainer.released(network, release);
  }

  beat(beat: Beat): void {
    this.twoOwners.beat(beat);
    this.explainer.heard(beat);
  }

  servers(servers: readonly ServerState[]): void {
    this.reaper.servers(servers);
  }

  stop(): void {
    this.explainer.stop();
    this.wire.stop();
    this.twoOwners.stop();
    this.addresses.stop();
  }
}
