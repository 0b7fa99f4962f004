import type { Cluster, Node } from "../../topology/cluster.js";
import { vrrpNetworks } from "../../topology/select.js";
import { detection } from "../../topology/timing.js";
import type { Beat } from "../beats/beat.js";
import type { Happening } from "../events/log.js";
import type { Sighting } from "./sighting.js";
import type { Sightings } from "./sightings.js";
import { OwnerRivalry, type TwoOwners } from "./two-owners.js";

/** keepalived repeats its announcements every ten seconds (vrrp_garp_master_refresh): two may be lost. */
const claimWindow = 25_000;
/** Milliseconds between two judgements while somebody is suspected; nothing runs while nobody is. */
const judgeEvery = 100;

/** What status and metrics tell of it. */
export interface TwoOwnersState {
  readonly network: string;
  readonly peer: string;
  /** ISO 8601. */
  readonly since: string;
  readonly evidence: readonly string[];
}

/** Raises the alarm when a peer's beats or the wire show another owner beside this node for more than a second. */
export class TwoOwnersWatch {
  private readonly rivalry: OwnerRivalry;
  private readonly networks: readonly string[];
  private readonly nodeOfMac = new Map<string, string>();
  private timer: NodeJS.Timeout | null = null;

  /** @param freshness milliseconds for which a beat counts */
  constructor(
    cluster: Cluster,
    private readonly node: Node,
    freshness: number,
    private readonly sightings: Sightings,
    private readonly tell: (happening: Happening) => void,
    /** The peer says that it has left these networks, and nobody else owns them beside this node. */
    private readonly alone: (networks: readonly string[]) => void,
  ) {
    const adverts = Math.max(500, detection(cluster) + cluster.failover.advertInterval);
    this.rivalry = new OwnerRivalry({ beats: freshness, adverts, claims: claimWindow });
    this.networks = vrrpNetworks(cluster).map(({ name }) => name);
  }

  get state(): TwoOwnersState[] {
    return this.rivalry.current.map(({ network, peer, since, evidence }) => ({
      network,
      peer,
      since: new Date(wall(since)).toISOString(),
      evidence,
    }));
  }

  role(network: string, role: string): void {
    this.rivalry.own(network, role === "master", performance.now());
    this.watch();
  }

  beat(beat: Beat): void {
    for (const network of this.networks) {
      if (beat.networks[network]?.vrrp === "master") {
        const words = `${beat.node} says in its beats that it is the owner`;
        this.rivalry.sees({ network, peer: beat.node, means: "beats", words }, performance.now());
      } else if (beat.networks[network]) this.rivalry.denies(network, beat.node);
    }
    this.watch();
  }

  sighted(network: string, sighting: Sighting): void {
    if (!this.rivalry.owns(network) || sighting.kind === "traffic" || sighting.outgoing) return;
    const at = performance.now() - Math.max(0, Date.now() - sighting.at);
    const { mac } = sighting;
    if (sighting.kind === "advert") {
      const { source, priority } = sighting;
      const name = this.sightings.nodeAt(source);
      if (name === this.node.name || priority === 0) return;
      if (name !== null) this.remember(mac, name);
      const words = `adverts of priority ${priority} come from ${source} at ${mac}`;
      this.rivalry.sees({ network, peer: name ?? source, means: "adverts", words }, at);
    } else {
      const words = `${mac} claims ${sighting.address}`;
      this.rivalry.sees({ network, peer: this.nodeOfMac.get(mac) ?? mac, means: "claims", words }, at);
    }
    this.watch();
  }

  /** As far as it knows. */
  isSoleOwner(network: string): boolean {
    return this.rivalry.owns(network) && !this.rivalry.disputed(network);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  private remember(mac: string, name: string): void {
    // As many as there are nodes would do; a forger of addresses must not fill the memory.
    if (this.nodeOfMac.size < 64) this.nodeOfMac.set(mac, name);
  }

  private watch(): void {
    if (this.rivalry.suspicious) this.timer ??= setInterval(() => this.judge(), judgeEvery);
    else this.stop();
  }

  private judge(): void {
    const { begun, ended } = this.rivalry.judge(performance.now());
    for (const [first, ...more] of byPeer(begun)) this.tell(this.happening([first, ...more], null));
    for (const [first, ...more] of byPeer(ended)) {
      const lasted = Math.max(...[first, ...more].map(({ since, until }) => until - since));
      this.tell(this.happening([first, ...more], Math.round(lasted)));
    }
    const left = ended.flatMap(({ network, denied }) =>
      denied && this.isSoleOwner(network) ? [network] : [],
    );
    if (left.length > 0) this.alone([...new Set(left)]);
    this.watch();
  }

  /** What one peer does on several networks is one alarm. */
  private happening(all: readonly [TwoOwners, ...TwoOwners[]], lasted: number | null): Happening {
    const { peer } = all[0];
    const networks = all.map(({ network }) => network);
    const evidence = all.flatMap((each) => each.evidence.map((words) => `On ${each.network}: ${words}`));
    const since = new Date(wall(Math.min(...all.map((each) => each.since)))).toISOString();
    const both = `act as owner of ${networks.join(" and ")}`;
    const text =
      lasted === null
        ? `${this.node.name} and ${peer} both ${both}`
        : `${this.node.name} and ${peer} no longer both ${both}; it lasted ${seconds(lasted)}`;
    return { kind: "two-owners", text, details: { networks, peer, since, evidence, lasted } };
  }
}

/** Each peer's own, in the order in which they came. */
function byPeer<T extends TwoOwners>(all: readonly T[]): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const each of all) {
    const group = groups.get(each.peer);
    if (group === undefined) groups.set(each.peer, [each]);
    else group.push(each);
  }
  return [...groups.values()];
}

/** Milliseconds since the epoch, of a moment on this process's steady clock. */
const wall = (steady: number): number => Date.now() - (performance.now() - steady);

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;
