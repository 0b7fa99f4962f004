import { runner } from "../host/run.js";
import { bootCommands } from "../render/boot.js";
import type { Cluster } from "../topology/cluster.js";
import { nodeNamed } from "../topology/select.js";
import type { BoundedLog } from "./bounded-log.js";

/** The part of node.json that a start needs. */
interface NodeFile {
  readonly node: string;
  readonly cluster: Cluster;
}

/** What holdfast-network.service does on a real node: rules, kernel settings, routes. Throws at the first failure. */
export async function startNetwork(nodeJson: string, log: BoundedLog): Promise<void> {
  const { node, cluster } = JSON.parse(nodeJson) as NodeFile;
  const run = runner([]);
  for (const { argv, mayFail } of bootCommands(cluster, nodeNamed(cluster, node))) {
    const { exitCode, stderr } = await run(argv);
    if (exitCode === 0 || mayFail) continue;
    log.write(`${argv.join(" ")}: exit code ${exitCode}\n${stderr}`);
    throw new Error(`${argv.join(" ")}: ${stderr.trim()}`);
  }
}
