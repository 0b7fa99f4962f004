import type { MachineStatus } from "../lab/status.js";
import { type ClusterOptions, printJson, UserError } from "./context.js";
import { loadCluster } from "./topology-file.js";

export async function showStatus(options: ClusterOptions): Promise<void> {
  const { cluster } = await loadCluster(options);
  const { labStatus } = await import("../lab/status.js");
  const machines = labStatus(cluster.name);
  if (machines === null)
    throw new UserError(`the lab of ${cluster.name} is not up; 'holdfast lab up' starts it`);
  if (options.json) printJson("lab-status", { cluster: cluster.name, machines });
  else process.stdout.write(table(machines));
}

/** One machine a line; a machine that is off says so where its daemons would stand. */
function table(machines: readonly MachineStatus[]): string {
  const rows = machines.map(({ name, aliases, kind, on, addresses, daemons }) => [
    [name, ...aliases].join(", "),
    kind,
    Object.values(addresses).flat().join(" ") || "-",
    on ? daemons.join(" ") : "off",
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
