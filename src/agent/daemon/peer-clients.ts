import type { SecureContextOptions } from "node:tls";
import { agentAddresses } from "../../fleet/agent-addresses.js";
import { AgentClient } from "../../fleet/client.js";
import type { NodeReport } from "../../fleet/node-report.js";
import { RemoteMember } from "../../fleet/remote-member.js";
import type { Cluster } from "../../topology/cluster.js";

/** Milliseconds that a peer is given to say how its node stands. */
const patience = 2_000;

/** Milliseconds: longer than a peer is given for anything. */
const longestCall = 60_000;

/** A peer, and the client through which it is asked. */
export interface Peer {
  readonly member: RemoteMember;
  readonly client: AgentClient;
}

/** One client for each peer and set of addresses, kept as long as this node's certificate is the same. */
export class PeerClients {
  private readonly peers = new Map<string, Peer>();

  /** @param tls this node's own context; null without a certificate */
  constructor(
    private readonly node: string,
    private readonly tls: () => SecureContextOptions | null,
  ) {}

  /** Every other node of the first of these clusters; the addresses of the further ones are tried too. */
  of(clusters: readonly Cluster[]): Peer[] {
    const [first] = clusters;
    const names = first?.nodes.map(({ name }) => name).filter((name) => name !== this.node) ?? [];
    return names.map((name) => this.peer(name, first?.name ?? "", clusters));
  }

  /** What each other node's agent says of its node; null for one that does not answer. */
  async reports(cluster: Cluster): Promise<ReadonlyMap<string, NodeReport | null>> {
    const reports = this.of([cluster]).map(async ({ member, client }) => {
      const report = await client.call("node", {}, { timeout: patience }).catch(() => null);
      return [member.node, report as unknown as NodeReport | null] as const;
    });
    return new Map(await Promise.all(reports));
  }

  /** The certificate is another one. What was asked with the old one is still answered: a change may be under way. */
  renew(): void {
    const old = [...this.peers.values()];
    this.peers.clear();
    setTimeout(() => {
      for (const { client } of old) client.close();
    }, longestCall).unref();
  }

  close(): void {
    for (const { client } of this.peers.values()) client.close();
    this.peers.clear();
  }

  private peer(name: string, cluster: string, clusters: readonly Cluster[]): Peer {
    const candidates = agentAddresses(name, clusters);
    const key = JSON.stringify([name, cluster, candidates]);
    const known = this.peers.get(key);
    if (known !== undefined) return known;
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
}
