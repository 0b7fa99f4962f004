import type { Cluster } from "../topology/cluster.js";

/** Milliseconds, all of them. */
export interface AgentTiming {
  /** Between two judgements, each with a beat to the peers, when nothing happens: while anything is not well, and else. */
  readonly judge: { readonly uneasy: number; readonly calm: number };
  /** A peer not met in both directions on a network for so long makes a node uneasy. */
  readonly doubt: number;
  /** How long a peer's last beat counts. */
  readonly freshness: number;
  /** Without any evidence for so long, a network is suspicious. */
  readonly silence: number;
  /** A judgement that comes so late says more about this machine than about the network, and is left out. */
  readonly late: number;
  /** How long after its start the agent waits for engines that it has not seen yet. */
  readonly grace: number;
}

/** The agent follows the pace of the adverts, within what a busy machine can hold. */
export function agentTiming(cluster: Cluster): AgentTiming {
  const { advertInterval } = cluster.failover;
  return {
    // Changes are judged and sent at once: this is for what only time shows, and to show that the sender lives.
    judge: { uneasy: 100, calm: 300 },
    doubt: 350,
    freshness: advertInterval > 200 ? 800 : 700,
    // VRRP never finds such a fault itself, whatever the pace of its adverts: there is nothing to wait for.
    silence: 400,
    late: 150,
    grace: 3_000,
  };
}
