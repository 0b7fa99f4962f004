import { bootCommands } from "../../src/render/boot.js";
import { renderNode } from "../../src/render/render.js";
import type { Cluster, Node } from "../../src/topology/cluster.js";
import type { Sandbox } from "./sandbox.js";

/** Makes the sandbox the node, without its daemons. */
export async function boot(machine: Sandbox, cluster: Cluster, node: Node): Promise<void> {
  await machine.must("mkdir", "-p", "/run/holdfast");
  await machine.install(renderNode(cluster, node));
  for (const { argv, mayFail } of bootCommands(cluster, node)) if (!mayFail) await machine.must(...argv);
}
