import type { Command } from "commander";
import { type ClusterOptions, printJson } from "./context.js";
import { needNodes } from "./need-nodes.js";
import { clusterOptions, loadCluster } from "./topology-file.js";

export function registerNeighbours(program: Command): void {
  clusterOptions(program.command("neighbours"))
    .description("print what to set on the routers, servers and switches around the cluster")
    .addHelpText(
      "after",
      `
Examples:
  holdfast neighbours -f examples/campus-routed.yaml
  holdfast neighbours --json | jq -r '.routers[].routes[] | "\\(.destination) via \\(.via)"'`,
    )
    .action(async (options: ClusterOptions) => {
      const { cluster } = await loadCluster(options);
      needNodes(cluster, "'holdfast neighbours'");
      const { neighbours } = await import("../render/neighbours.js");
      const around = neighbours(cluster);
      if (options.json === true) {
        printJson("neighbours", { cluster: cluster.name, ...around });
        return;
      }
      const { neighboursText } = await import("../render/neighbours-text.js");
      process.stdout.write(neighboursText(around));
    });
}
