import { type MirrorTask, mirrorsOf, networkOf } from "../../mirror/mirrors-of.js";
import type { Running } from "./running.js";

/** What this node is to mirror by the topology that runs, and the services whose virtual IPs it has. */
export function mirroredBy(running: Running | null): {
  readonly tasks: readonly MirrorTask[];
  readonly active: readonly string[];
} {
  if (running === null) return { tasks: [], active: [] };
  const { cluster } = running.lookout;
  const { roles } = running.agent.report();
  const tasks = mirrorsOf(cluster);
  const isHere = ({ service }: MirrorTask) => roles.get(networkOf(cluster, service) ?? "") === "master";
  return { tasks, active: tasks.filter(isHere).map(({ service }) => service) };
}
