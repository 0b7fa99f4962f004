import { randomInt } from "node:crypto";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type AgentOptions, certificateOptions } from "./agents.js";
import { type ClusterOptions, exit, printJson, UserError } from "./context.js";
import { choose, refuseUnknown } from "./drill-names.js";
import { registerSchedule } from "./drill-schedule.js";
import { showDrills } from "./drill-show.js";
import { interruptible } from "./interruption.js";
import { clusterOptions, labOption, loadCluster } from "./topology-file.js";

interface RunOptions extends AgentOptions {
  readonly all?: boolean;
  readonly report?: string;
  readonly reports?: string;
  readonly yes?: boolean;
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
  certificateOptions(labOption(clusterOptions(drill.command("run"))))
    .description("run drills one after the other; each fault is undone, also on Ctrl-C")
    .argument("[name...]", "drills, as 'holdfast drill list' names them")
    .option("--all", "every drill that the topology can have: of its load balancers, of its VPN servers")
    .option(
      "--repeat <times>",
      "run all of them so often, round after round, each in another order",
      times,
      1,
    )
    .option("--random <faults>", "so many faults of load balancers that overlap, in rounds", faultCount)
    .option(
      "--seed <number>",
      "with --random or --repeat: the same faults, the same orders again (default: any, and it is told)",
      seedNumber,
    )
    .option(
      "--report <dir>",
      "also write the results there: report.html (a paper to sign), .json, .txt, .md (Markdown), .xml (JUnit)",
    )
    .option("--reports <dir>", "the same, in a folder of its own there that is named after the moment")
    .option("-y, --yes", "on real nodes: do not ask")
    .addHelpText(
      "after",
      `
Without --lab drills run on the real nodes: only those that break nothing ('holdfast drill list' marks them). Their agents
move the virtual IPs as planned, and back: afterwards the same node is active as before, also after Ctrl-C. It is said what
will happen, and asked for; a cluster that is not healthy is left alone.

Exit codes: 0 every expectation was met, 4 one was not or the cluster was not ready, 1 a drill could not be run
or it was interrupted: what was run before is told and written all the same.

Examples:
  $ holdfast lab up -f pair.yaml
  $ holdfast drill run power-loss switchover -f pair.yaml --lab
  $ holdfast drill run --all -f pair.yaml --lab --report reports/today
  $ holdfast drill run power-loss link-down -f pair.yaml --lab --repeat 20 --seed 7
  $ holdfast drill run --random 200 --seed 7 -f pair.yaml --lab
  $ holdfast drill run ghost-client -f overlay.yaml --lab
  $ holdfast drill run switchover -f pair.yaml              on the real nodes, asked for first
  $ holdfast drill run maintenance switchover -f pair.yaml --yes --reports reports`,
    )
    .action(run);
  registerSchedule(drill);
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
  const { inRounds } = await import("../drill/rounds.js");
  refuseUnknown(everyDrill, names);
  const topology = await loadCluster(options);
  const { cluster, text } = topology;
  const onlyRandom = options.random !== undefined && names.length === 0 && options.all !== true;
  const chosen = onlyRandom ? [] : choose(offeredTo(cluster), cluster, names, options.all === true);
  if (options.random !== undefined && cluster.nodes.length === 0)
    throw new UserError(`--random strikes load balancers, of which cluster ${cluster.name} has none`);
  const byChance = options.random !== undefined || options.repeat > 1;
  if (options.seed !== undefined && !byChance)
    throw new UserError("--seed is of use with --random or --repeat only");
  const { seed = newSeed() } = options;
  const drills = inRounds(chosen, options.repeat, seed);
  const { isMet } = await import("../drill/report.js");
  if (!options.lab) {
    const { drillRealNodes, onlySafe } = await import("./drill-live.js");
    if (options.random !== undefined)
      throw new UserError("--random breaks machines on purpose: name the lab with --lab");
    const live = await drillRealNodes(onlySafe(drills), topology, options, byChance ? seed : null);
    await showDrills(live.report, live.cluster, options);
    process.exitCode = exitCodeOf(isMet(live.report), live.failure);
    return;
  }
  const { runDrills, runRandomFaults, untilEnded } = await import("./drill-run.js");
  const { openLab } = await import("../lab/open.js");
  const { subjectOf } = await import("./lab-subject.js");
  const { aboutRun } = await import("./drill-about.js");
  const lab = openLab(cluster.name);
  const subject = subjectOf(lab);
  const { random: faults } = options;
  const about = await aboutRun(lab, text, byChance ? seed : null);
  if (options.repeat > 1)
    process.stderr.write(`[drills] ${options.repeat} rounds in orders of seed ${seed}\n`);
  const { results, random, unready, failure } = await interruptible(async (signal) => {
    const ran = await untilEnded(runDrills(subject, drills, signal), signal);
    if (faults === undefined || ran.unready !== null) return { ...ran, random: null };
    const rounds = await untilEnded(runRandomFaults(subject, { faults, seed }, signal), signal, ran.results);
    return { ...rounds, results: ran.results, random: { faults, seed, rounds: rounds.results } };
  });
  const ended = new Date().toISOString();
  const report = { cluster: cluster.name, about: { ...about, ended }, results, random, unready };
  await showDrills(report, lab.cluster, options);
  process.exitCode = exitCodeOf(isMet(report), failure);
}

const exitCodeOf = (met: boolean, failure: unknown): number =>
  failure !== null ? exit.error : met ? exit.ok : exit.expectationFailed;

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
