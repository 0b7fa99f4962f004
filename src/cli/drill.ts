import { type Command, Option } from "commander";
import type { Drill } from "../drill/drill.js";
import type { DrillResult } from "../drill/report.js";
import { type ClusterOptions, exit, printJson, UserError } from "./context.js";
import { interruptible } from "./interruption.js";
import { clusterOptions, labOption, loadCluster } from "./topology-file.js";

interface RunOptions extends ClusterOptions {
  readonly all?: boolean;
  readonly report?: string;
}

export function registerDrill(program: Command): void {
  const drill = program
    .command("drill")
    .description("break something on purpose and measure what the switches see");
  drill
    .command("list")
    .description("every drill: what it breaks")
    .addOption(new Option("--json", "print one JSON document"))
    .action(list);
  labOption(clusterOptions(drill.command("run")))
    .description("run drills one after the other; each fault is undone, also on Ctrl-C")
    .argument("[name...]", "drills, as 'holdfast drill list' names them")
    .option("--all", "every drill")
    .option("--report <dir>", "also write the results there, as report.json and report.txt")
    .addHelpText(
      "after",
      `
Exit codes: 0 every expectation was met, 4 one was not, 1 a drill could not be run.

Examples:
  $ holdfast lab up -f pair.yaml
  $ holdfast drill run power-loss switchover -f pair.yaml --lab
  $ holdfast drill run --all -f pair.yaml --lab --report reports/today`,
    )
    .action(run);
}

async function list(options: { json?: boolean }): Promise<void> {
  const { catalogue } = await import("../drill/catalogue.js");
  const drills = catalogue.map(({ name, summary, safe }) => ({ name, summary, safe }));
  if (options.json) return printJson("drills", { drills });
  const width = Math.max(...drills.map(({ name }) => name.length));
  for (const { name, summary, safe } of drills)
    process.stdout.write(`${name.padEnd(width)}  ${summary}${safe ? " (breaks nothing)" : ""}\n`);
}

async function run(names: readonly string[], options: RunOptions): Promise<void> {
  const { catalogue } = await import("../drill/catalogue.js");
  const drills = choose(catalogue, names, options.all === true);
  const { cluster } = await loadCluster(options);
  if (!options.lab)
    throw new UserError(
      "drills break machines on purpose: name the lab with --lab ('holdfast lab up' makes one), " +
        "or use 'holdfast switchover' for a planned move of real nodes",
    );
  const { runDrills } = await import("./drill-run.js");
  const { openLab } = await import("../lab/open.js");
  const { subjectOf } = await import("./lab-subject.js");
  const subject = subjectOf(openLab(cluster.name));
  const results = await interruptible((signal) => runDrills(subject, drills, signal));
  await show(results, options);
  process.exitCode = results.every(({ verdict }) => verdict.pass) ? exit.ok : exit.expectationFailed;
}

function choose(catalogue: readonly Drill[], names: readonly string[], all: boolean): readonly Drill[] {
  const known = catalogue.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UserError(`there is no drill ${unknown.join(", ")}; there are ${known.join(", ")}`);
  if (all) return catalogue;
  if (names.length === 0) throw new UserError("name a drill (see 'holdfast drill list') or say --all");
  return names.flatMap((name) => catalogue.find((drill) => drill.name === name) ?? []);
}

async function show(results: readonly DrillResult[], { json, report }: RunOptions): Promise<void> {
  const { table } = await import("../drill/report.js");
  const text = table(results);
  if (report !== undefined) {
    const { mkdir, writeFile } = await import("node:fs/promises");
    const { join } = await import("node:path");
    await mkdir(report, { recursive: true });
    const document = { schema: "holdfast/drills/v1", results };
    await writeFile(join(report, "report.json"), `${JSON.stringify(document, null, 2)}\n`);
    await writeFile(join(report, "report.txt"), `${text}\n`);
  }
  if (json) return printJson("drills", { results });
  process.stdout.write(`${text}\n`);
  if (report !== undefined) process.stdout.write(`Report: ${report}\n`);
}
