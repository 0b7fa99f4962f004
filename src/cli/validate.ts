import type { Command } from "commander";
import type { Cluster } from "../topology/cluster.js";
import { type ClusterOptions, exit, printJson } from "./context.js";
import { clusterOptions, count, formatProblem, readTopology } from "./topology-file.js";

export function registerValidate(program: Command): void {
  clusterOptions(program.command("validate"))
    .description("check the topology and print every problem as FILE:LINE:COL path: message")
    .argument("[file]", "the topology, instead of -f")
    .addHelpText(
      "after",
      `
Exit codes: 0 valid (warnings do not count), 1 not valid.

Examples:
  holdfast validate                            ./topology.yaml, or $HOLDFAST_TOPOLOGY
  holdfast validate -f examples/pair.yaml
  holdfast validate - < topology.yaml          standard input
  holdfast validate --json -f pair.yaml | jq '.problems[].message'`,
    )
    .action(async (file: string | undefined, options: ClusterOptions) => {
      await validate(file === undefined ? options : { ...options, file });
    });
}

async function validate(options: ClusterOptions): Promise<void> {
  const { path, text } = await readTopology(options);
  const { loadTopology } = await import("../topology/load.js");
  const { cluster, problems } = loadTopology(text);
  process.exitCode = cluster === null ? exit.error : exit.ok;
  if (options.json === true) {
    printJson("validate", { file: path, valid: cluster !== null, problems });
    return;
  }
  const lines = problems.map((problem) => formatProblem(path, problem));
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const warnings = problems.length - errors;
  if (errors > 0)
    lines.push([count(errors, "problem"), ...(warnings > 0 ? [count(warnings, "warning")] : [])].join(", "));
  if (cluster !== null)
    lines.push(`${path}: ${describe(cluster)}${warnings > 0 ? `, ${count(warnings, "warning")}` : ""}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** For instance `cluster campus: 2 nodes, 3 networks, 2 virtual IPs, 1 service over 3 servers`. */
function describe(cluster: Cluster): string {
  const servers = cluster.services.reduce((sum, service) => sum + service.servers.length, 0);
  return `cluster ${cluster.name}: ${[
    ...(cluster.nodes.length === 0
      ? []
      : [
          count(cluster.nodes.length, "node"),
          count(cluster.networks.length, "network"),
          count(cluster.virtualIps.length, "virtual IP"),
          `${count(cluster.services.length, "service")} over ${count(servers, "server")}`,
        ]),
    ...(cluster.vpn === null
      ? []
      : [
          count(cluster.vpn.servers.length, "VPN server"),
          count(cluster.vpn.clients.length, "client with a fixed address", "clients with fixed addresses"),
        ]),
  ].join(", ")}`;
}
