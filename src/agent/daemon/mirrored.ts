import { type CopyLink, copyLinkOf } from "../../mirror/copy-link.js";
import { type MirrorTask, mirrorsOf, networkOf } from "../../mirror/mirrors-of.js";
import { nodeNamed } from "../../topology/select.js";
import type { Running } from "./running.js";

/** What this node is to mirror by the topology that runs, and the services whose virtual IPs it has. */
export function mirroredBy(running: Running | null): {
  readonly tasks: readonly MirrorTask[];
  readonly active: readonly string[];
  readonly link: CopyLink | null;
} {
  if (running === null) return { tasks: [], active: [], link: null };
  const { cluster, document } = running.lookout;
  const { roles } = running.agent.report();
  const tasks = mirrorsOf(cluster);
  const isHere = ({ service }: MirrorTask) => roles.get(networkOf(cluster, service) ?? "") === "master";
  const link = copyLinkOf(cluster, nodeNamed(cluster, document.node));
  return { tasks, active: tasks.filter(isHere).map(({ service }) => service), link };
}
