import { runner } from "../host/run.js";
import { bootCommands } from "../render/boot.js";
import { parseNodeJson } from "../render/node-json.js";
import { vpnPaths } from "../render/vpn/places.js";
import { machineNamed } from "../topology/machines.js";
import type { BoundedLog } from "./bounded-log.js";

/**
 * What holdfast-network.service does on a real node: rules, kernel settings, routes. On a VPN server the settings alone, which
 * are systemd-sysctl's there. Throws at the first failure.
 */
export async function startNetwork(nodeJson: string, log: BoundedLog): Promise<void> {
  const { node, cluster } = parseNodeJson(nodeJson);
  const run = runner([]);
  const machine = machineNamed(cluster, node);
  const commands =
    machine.kind === "node"
      ? bootCommands(cluster, machine.node)
      : [{ argv: ["sysctl", "--quiet", `--load=${vpnPaths.sysctl}`], mayFail: false }];
  for (const { argv, mayFail } of commands) {
    const { exitCode, stderr } = await run(argv);
    if (exitCode === 0 || mayFail) continue;
    log.write(`${argv.join(" ")}: exit code ${exitCode}\n${stderr}`);
    throw new Error(`${argv.join(" ")}: ${stderr.trim()}`);
  }
}
