import type { Cluster } from "../topology/cluster.js";

/** Milliseconds, all of them. */
export interface AgentTiming {
  /** Between two beats. */
  readonly beat: number;
  /** How long a peer's last beat counts. */
  readonly freshness: number;
  /** Without any evidence for so long, a network is suspicious. */
  readonly silence: number;
  /** Between two judgements when nothing happens. */
  readonly judge: number;
  /** A judgement that comes so late says more about this machine than about the network, and is left out. */
  readonly late: number;
  /** How long after its start the agent waits for engines that it has not seen yet. */
  readonly grace: number;
}

/** The agent follows the pace of the adverts, within what a busy machine can hold. */
export function agentTiming(cluster: Cluster): AgentTiming {
  // Changes are sent at once: the beat itself only shows that its sender lives.
  const beat = Math.min(200, Math.max(100, cluster.failover.advertInterval));
  return {
    beat,
    freshness: Math.max(300, 4 * beat),
    // VRRP never finds such a fault itself, whatever the pace of its adverts: there is nothing to wait for.
    silence: 400,
    judge: 100,
    late: 150,
    grace: 3_000,
  };
}
