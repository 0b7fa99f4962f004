import type { LiveSubject } from "../drill/live/live-subject.js";
import { startOwnView } from "../drill/live/own-view.js";
import type { Cluster } from "../topology/cluster.js";
import { type AgentOptions, reachAgents } from "./agents.js";
import { askedOfAgents } from "./drill-requests.js";
import { liveReadiness } from "./live-readiness.js";
import { seeCluster } from "./see-cluster.js";

/** The real nodes of a cluster as drills see them. */
export const liveSubjectOf = (cluster: Cluster, options: AgentOptions): LiveSubject => ({
  cluster,
  watch: (signal) => startOwnView(cluster, signal),
  ...askedOfAgents(() => reachAgents(options, cluster)),
  async look() {
    try {
      const status = await seeCluster(options);
      const active = status.nodes.filter(({ role }) => role === "active").map(({ name }) => name);
      return { readiness: liveReadiness(cluster, status), active };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { readiness: { ready: false, reason }, active: [] };
    }
  },
});
