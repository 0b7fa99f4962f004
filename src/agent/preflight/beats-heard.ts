import type { NodePreflight } from "../../api/preflight.js";
import type { Cluster } from "../../topology/cluster.js";
import { peerSilence } from "../metrics/peer-silence.js";
import type { AgentReport } from "../state-document.js";

/** Of every other node, on every network that it shares with this one. */
export const beatsHeard = (
  cluster: Cluster,
  node: string,
  { unheard, peers }: Pick<AgentReport, "unheard" | "peers">,
): NodePreflight["beats"] =>
  peerSilence(cluster, node, unheard).map(({ network, peer, silent }) => ({
    ...{ network, peer },
    heard: !silent && peers.some(({ name, alive }) => name === peer && alive),
  }));
