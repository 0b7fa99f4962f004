import type { SecureContextOptions } from "node:tls";
import { agentAddresses } from "../../fleet/agent-addresses.js";
import { AgentClient } from "../../fleet/client.js";
import type { MachineReport } from "../../fleet/node-report.js";
import { RemoteMember } from "../../fleet/remote-member.js";
import type { Cluster } from "../../topology/cluster.js";
import { machineNames } from "../../topology/machines.js";
import type { Scout } from "../preflight/preflight-desk.js";

/** Milliseconds that a peer is given to say how its node stands. */
const patience = 2_000;

/** Milliseconds that a peer may take to look around: to render, and to watch the wire. */
const lookPatience = 25_000;

/** Milliseconds: longer than a peer is given for anything. */
const longestCall = 60_000;

/** Sets of addresses by which a peer is known at once: those that run, join, and are looked at in a plan, with one to spare. */
const setsAtOnce = 4;

/** A peer, and the client through which it is asked. */
export interface Peer {
  readonly member: RemoteMember;
  readonly client: AgentClient;
}

/**
 * One client for each peer and set of addresses, kept while it is among those used last and this node's certificate is
 * the same.
 */
export class PeerClients {
  /** In the order in which they were last used. */
  private readonly peers = new Map<string, Peer>();

  /** @param tls this node's own context; null without a certificate */
  constructor(
    private readonly node: string,
    private readonly tls: () => SecureContextOptions | null,
  ) {}

  /** The other load balancers of a cluster. */
  nodesOf(cluster: Cluster): Peer[] {
    return this.of([cluster]).filter(({ member }) => cluster.nodes.some(({ name }) => name === member.node));
  }

  /** Every other machine of the first of these clusters; the addresses of the further ones are tried too. */
  of(clusters: readonly Cluster[]): Peer[] {
    const [first] = clusters;
    const names = (first === undefined ? [] : machineNames(first)).filter((name) => name !== this.node);
    const asked = names.map((name) => this.peer(name, first?.name ?? "", clusters));
    this.retire([...this.peers.keys()].slice(0, -Math.max(1, setsAtOnce * names.length)));
    return asked;
  }

  /** What each other machine's agent says of it; null for one that does not answer. */
  async reports(cluster: Cluster): Promise<ReadonlyMap<string, MachineReport | null>> {
    const reports = this.of([cluster]).map(async ({ member, client }) => {
      const report = await client.call("node", {}, { timeout: patience }).catch(() => null);
      return [member.node, report as unknown as MachineReport | null] as const;
    });
    return new Map(await Promise.all(reports));
  }

  /** The same peers, as those who look around for this node. */
  scouts(clusters: readonly Cluster[]): Scout[] {
    const isNode = (name: string) => clusters[0]?.nodes.some((node) => node.name === name);
    return this.of(clusters)
      .filter(({ member }) => isNode(member.node))
      .map(({ member, client }) => ({
        node: member.node,
        reach: () => member.survey(),
        look: (topology) => client.call("peerPreflight", { body: { topology } }, { timeout: lookPatience }),
      }));
  }

  /** The certificate is another one. */
  renew(): void {
    this.retire([...this.peers.keys()]);
  }

  close(): void {
    for (const { client } of this.peers.values()) client.close();
    this.peers.clear();
  }

  private peer(name: string, cluster: string, clusters: readonly Cluster[]): Peer {
    const candidates = agentAddresses(name, clusters);
    const key = JSON.stringify([name, cluster, candidates]);
    const known = this.peers.get(key);
    this.peers.delete(key);
    if (known !== undefined) {
      this.peers.set(key, known);
      return known;
    }
    const client = new AgentClient(name, {
      kind: "tls",
      candidates,
      expect: { cluster, role: "node", name },
      tls: this.tls() ?? {},
    });
    const peer = { member: new RemoteMember(name, client), client };
    this.peers.set(key, peer);
    return peer;
  }

  /** What was asked through these is still answered: a change may be under way. */
  private retire(keys: readonly string[]): void {
    const old = keys.flatMap((key) => this.peers.get(key) ?? []);
    if (old.length === 0) return;
    for (const key of keys) this.peers.delete(key);
    setTimeout(() => {
      for (const { client } of old) client.close();
    }, longestCall).unref();
  }
}
