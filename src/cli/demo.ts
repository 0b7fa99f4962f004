import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { type ClusterOptions, exit, printJson, UserError } from "./context.js";
import { interruptible } from "./interruption.js";
import { clusterOptions, loadCluster } from "./topology-file.js";

const example = fileURLToPath(new URL("../../examples/pair.yaml", import.meta.url));
const switches = 2;

export function registerDemo(program: Command): void {
  clusterOptions(program.command("demo"))
    .description("everything once: a lab, two real switches, every drill, a table, and nothing left behind")
    .addHelpText(
      "after",
      `
Exit codes: 0 every expectation was met, 4 one was not, 1 it could not be run.

Examples:
  $ holdfast demo                              the example pair
  $ holdfast demo -f campus.yaml`,
    )
    .action(demo);
}

async function demo(options: ClusterOptions): Promise<void> {
  const { cluster, text } = await loadCluster({ ...options, file: options.file ?? example });
  const { labUp } = await import("../lab/up.js");
  const { labDown } = await import("../lab/down.js");
  const { labStatus } = await import("../lab/status.js");
  const { showProgress } = await import("./lab-progress.js");
  const { configureNodes, words } = await import("./lab-up.js");
  const { coreCatalogue } = await import("../drill/catalogue.js");
  const { table } = await import("../drill/report.js");
  const { runDrills, untilEnded } = await import("./drill-run.js");
  const { subjectOf } = await import("./lab-subject.js");
  if (labStatus(cluster.name) !== null)
    throw new UserError(
      `the lab of ${cluster.name} is up: 'holdfast lab down' removes it, then run the demo again`,
    );
  const { results, unready, failure } = await interruptible(async (signal) => {
    try {
      const quiet = options.json === true;
      const lab = await showProgress(words, quiet, (progress) =>
        labUp(cluster, { switches, configure: configureNodes(text), progress, signal }),
      );
      return await untilEnded(runDrills(subjectOf(lab), coreCatalogue, signal), signal);
    } finally {
      await labDown(cluster.name);
    }
  });
  if (options.json) printJson("demo", { cluster: cluster.name, results, unready });
  else {
    const early = unready === null ? "" : `${unready}\n`;
    process.stdout.write(`\n${table(results)}\n${early}The lab is gone; nothing is left.\n`);
  }
  const met = unready === null && results.every(({ verdict }) => verdict.pass);
  process.exitCode = failure !== null ? exit.error : met ? exit.ok : exit.expectationFailed;
}
