import { runner } from "../host/run.js";
import { bootCommands } from "../render/boot.js";
import { parseNodeJson } from "../render/node-json.js";
import { nodeNamed } from "../topology/select.js";
import type { BoundedLog } from "./bounded-log.js";

/** What holdfast-network.service does on a real node: rules, kernel settings, routes. Throws at the first failure. */
export async function startNetwork(nodeJson: string, log: BoundedLog): Promise<void> {
  const { node, cluster } = parseNodeJson(nodeJson);
  const run = runner([]);
  for (const { argv, mayFail } of bootCommands(cluster, nodeNamed(cluster, node))) {
    const { exitCode, stderr } = await run(argv);
    if (exitCode === 0 || mayFail) continue;
    log.write(`${argv.join(" ")}: exit code ${exitCode}\n${stderr}`);
    throw new Error(`${argv.join(" ")}: ${stderr.trim()}`);
  }
}
