import { randomInt } from "node:crypto";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { AnyDrill } from "../drill/offered.js";
import type { DrillReport } from "../drill/report.js";
import type { Cluster } from "../topology/cluster.js";
import { type ClusterOptions, exit, printJson, UserError } from "./context.js";
import { interruptible } from "./interruption.js";
import { clusterOptions, labOption, loadCluster } from "./topology-file.js";

interface RunOptions extends ClusterOptions {
  readonly all?: boolean;
  readonly report?: string;
  readonly repeat: number;
  readonly random?: number;
  readonly seed?: number;
}

export function registerDrill(program: Command): void {
  const drill = program
    .command("drill")
    .description("break something on purpose and measure what the switches see");
  drill
    .command("list")
    .description("every drill: what it breaks")
    .option("-f, --file <file>", "only those that this topology can have (default: all)")
    .addOption(new Option("--json", "print one JSON document"))
    .action(list);
  drill
    .command("explain")
    .description("what a drill breaks, why no more is noticed, and how it is mended")
    .argument("<name>", "a drill, as 'holdfast drill list' names it")
    .option("-f, --file <file>", "with the times of this topology (default: none)")
    .addHelpText("after", "\nExample:\n  $ holdfast drill explain path-dead -f pair.yaml")
    .action(explain);
  clusterOptions(drill.command("simulate"))
    .description("what drills would do and what may come of it, by formula: nothing is touched")
    .argument("[name...]", "drills, as 'holdfast drill list' names them (default: all)")
    .addHelpText(
      "after",
      `
Examples:
  $ holdfast drill simulate -f pair.yaml
  $ holdfast drill simulate power-loss -f pair.yaml --json`,
    )
    .action(showSimulated);
  labOption(clusterOptions(drill.command("run")))
    .description("run drills one after the other; each fault is undone, also on Ctrl-C")
    .argument("[name...]", "drills, as 'holdfast drill list' names them")
    .option("--all", "every drill that the topology can have: of its load balancers, of its VPN servers")
    .option("--repeat <times>", "run all of them so often, round after round", times, 1)
    .option("--random <faults>", "so many faults of load balancers that overlap, in rounds", faultCount)
    .option(
      "--seed <number>",
      "with --random: the same faults again (default: any, and it is told)",
      seedNumber,
    )
    .option(
      "--report <dir>",
      "also write the results there: report.html (a paper to sign), .json, .txt, .md (Markdown), .xml (JUnit)",
    )
    .addHelpText(
      "after",
      `
Exit codes: 0 every expectation was met, 4 one was not or the cluster was not ready, 1 a drill could not be run.

Examples:
  $ holdfast lab up -f pair.yaml
  $ holdfast drill run power-loss switchover -f pair.yaml --lab
  $ holdfast drill run --all -f pair.yaml --lab --report reports/today
  $ holdfast drill run power-loss -f pair.yaml --lab --repeat 20
  $ holdfast drill run --random 200 --seed 7 -f pair.yaml --lab
  $ holdfast drill run ghost-client -f overlay.yaml --lab`,
    )
    .action(run);
}

async function list(options: ClusterOptions): Promise<void> {
  const { everyDrill, offeredTo } = await import("../drill/offered.js");
  const offered = options.file === undefined ? everyDrill : offeredTo((await loadCluster(options)).cluster);
  const drills = offered.map(({ name, summary, safe }) => ({ name, summary, safe }));
  if (options.json) return printJson("drills", { drills });
  const width = Math.max(...drills.map(({ name }) => name.length));
  for (const { name, summary, safe } of drills)
    process.stdout.write(`${name.padEnd(width)}  ${summary}${safe ? " (breaks nothing)" : ""}\n`);
}

async function explain(name: string, options: Pick<ClusterOptions, "file">): Promise<void> {
  const { everyDrill, offeredTo } = await import("../drill/offered.js");
  const { explained } = await import("../drill/explain.js");
  refuseUnknown(everyDrill, [name]);
  const cluster = options.file === undefined ? null : (await loadCluster(options)).cluster;
  const offered = cluster === null ? everyDrill : choose(offeredTo(cluster), cluster, [name], false);
  const drill = offered.find((each) => each.name === name);
  if (drill !== undefined) process.stdout.write(`${explained(drill, cluster)}\n`);
}

async function showSimulated(names: readonly string[], options: ClusterOptions): Promise<void> {
  const { everyDrill, offeredTo } = await import("../drill/offered.js");
  const { simulate, simulationTable } = await import("../drill/simulate.js");
  refuseUnknown(everyDrill, names);
  const { cluster } = await loadCluster(options);
  const simulations = simulate(choose(offeredTo(cluster), cluster, names, names.length === 0), cluster);
  if (options.json) return printJson("drill-simulation", { drills: simulations });
  process.stdout.write(`${simulationTable(simulations)}\n`);
}

async function run(names: readonly string[], options: RunOptions): Promise<void> {
  const { everyDrill, offeredTo } = await import("../drill/offered.js");
  refuseUnknown(everyDrill, names);
  const { cluster, text } = await loadCluster(options);
  const onlyRandom = options.random !== undefined && names.length === 0 && options.all !== true;
  const chosen = onlyRandom ? [] : choose(offeredTo(cluster), cluster, names, options.all === true);
  if (options.random !== undefined && cluster.nodes.length === 0)
    throw new UserError(`--random strikes load balancers, of which cluster ${cluster.name} has none`);
  if (options.seed !== undefined && options.random === undefined)
    throw new UserError("--seed is of use with --random only");
  const drills = Array.from({ length: options.repeat }, () => chosen).flat();
  if (!options.lab)
    throw new UserError(
      "drills break machines on purpose: name the lab with --lab ('holdfast lab up' makes one), " +
        "or use 'holdfast switchover' for a planned move of real nodes",
    );
  const { runDrills, runRandomFaults, untilUnready } = await import("./drill-run.js");
  const { openLab } = await import("../lab/open.js");
  const { subjectOf } = await import("./lab-subject.js");
  const { aboutRun } = await import("./drill-about.js");
  const { isMet } = await import("../drill/report.js");
  const lab = openLab(cluster.name);
  const subject = subjectOf(lab);
  const { random: faults, seed = newSeed() } = options;
  const about = await aboutRun(lab, text, faults === undefined ? null : seed);
  const { results, random, unready } = await interruptible(async (signal) => {
    const { results, unready } = await untilUnready(runDrills(subject, drills, signal));
    if (faults === undefined || unready !== null) return { results, unready, random: null };
    const rounds = await untilUnready(runRandomFaults(subject, { faults, seed }, signal));
    return { results, unready: rounds.unready, random: { faults, seed, rounds: rounds.results } };
  });
  const ended = new Date().toISOString();
  const report = { cluster: cluster.name, about: { ...about, ended }, results, random, unready };
  await show(report, lab.cluster, options);
  process.exitCode = isMet(report) ? exit.ok : exit.expectationFailed;
}

function faultCount(text: string): number {
  if (!/^[1-9][0-9]{0,4}$/.test(text)) throw new InvalidArgumentError("a number from 1 to 99999 is needed.");
  return Number(text);
}

const seeds = 2 ** 32;

function seedNumber(text: string): number {
  if (!/^[0-9]{1,10}$/.test(text) || Number(text) >= seeds)
    throw new InvalidArgumentError(`a whole number below ${seeds} is needed.`);
  return Number(text);
}

const newSeed = (): number => randomInt(seeds);

function times(text: string): number {
  if (!/^[1-9][0-9]{0,2}$/.test(text)) throw new InvalidArgumentError("a number from 1 to 999 is needed.");
  return Number(text);
}

function refuseUnknown(every: readonly AnyDrill[], names: readonly string[]): void {
  const known = every.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UserError(`there is no drill ${unknown.join(", ")}; there are ${known.join(", ")}`);
}

function choose(
  offered: readonly AnyDrill[],
  { name: cluster, nodes }: Cluster,
  names: readonly string[],
  all: boolean,
): readonly AnyDrill[] {
  const lacking = names.filter((name) => offered.every((drill) => drill.name !== name));
  if (lacking.length > 0) {
    const what = nodes.length === 0 ? "load balancers" : "VPN servers";
    throw new UserError(
      `${lacking.join(", ")} would strike ${what}, of which cluster ${cluster} has none; it has ${offered.map(({ name }) => name).join(", ")}`,
    );
  }
  if (all) return offered;
  if (names.length === 0) throw new UserError("name a drill (see 'holdfast drill list') or say --all");
  return names.flatMap((name) => offered.find((drill) => drill.name === name) ?? []);
}

async function show(ran: DrillReport, cluster: Cluster, { json, report }: RunOptions): Promise<void> {
  const { reportFiles, reportText } = await import("../drill/report-files.js");
  if (report !== undefined) {
    const { mkdir, writeFile } = await import("node:fs/promises");
    const { join } = await import("node:path");
    await mkdir(report, { recursive: true });
    for (const [name, body] of Object.entries(reportFiles(ran, cluster)))
      await writeFile(join(report, name), body);
  }
  if (json) return printJson("drills", { ...ran });
  process.stdout.write(`${reportText(ran)}\n`);
  if (report !== undefined) process.stdout.write(`Report: ${report}\n`);
}
