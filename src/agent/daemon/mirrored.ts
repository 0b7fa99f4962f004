import { type CopyLink, copyLinkOf } from "../../mirror/copy-link.js";
import { inlineOf, type MirrorTask, mirrorsOf, networkOf } from "../../mirror/mirrors-of.js";
import { nodeNamed } from "../../topology/select.js";
import type { Running } from "./running.js";

/** What this node is to mirror by the topology that runs, and the services whose virtual IPs it has. */
export function mirroredBy(running: Running | null): {
  readonly tasks: readonly MirrorTask[];
  /** Services whose sessions pass through the multiplexer. */
  readonly inline: readonly string[];
  readonly active: readonly string[];
  readonly link: CopyLink | null;
} {
  if (running === null) return { tasks: [], inline: [], active: [], link: null };
  const { cluster, document } = running.lookout;
  const { roles } = running.agent.report();
  const [tasks, inline] = [mirrorsOf(cluster), inlineOf(cluster)];
  const isHere = (service: string) => roles.get(networkOf(cluster, service) ?? "") === "master";
  const link = copyLinkOf(cluster, nodeNamed(cluster, document.node));
  const active = [...tasks.map(({ service }) => service), ...inline].filter(isHere);
  return { tasks, inline, active, link };
}
