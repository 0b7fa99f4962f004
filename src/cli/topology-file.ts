import { readFile } from "node:fs/promises";
import { text as readStream } from "node:stream/consumers";
import type { Command } from "commander";
import type { Cluster } from "../topology/cluster.js";
import type { Problem } from "../topology/problem.js";
import { type ClusterOptions, UserError } from "./context.js";

/** A topology that was read and is valid. */
export interface TopologyFile {
  readonly cluster: Cluster;
  readonly text: string;
  /** As the operator named it; `-` is standard input. */
  readonly path: string;
  readonly warnings: readonly Problem[];
}

/** Options of every command that concerns a cluster. */
export const clusterOptions = (command: Command): Command =>
  command
    .option(
      "-f, --file <file>",
      "topology file, - for standard input (default: $HOLDFAST_TOPOLOGY, then ./topology.yaml)",
    )
    .option("--json", "print one JSON document");

/** The switch of every command that reaches machines. */
export const labOption = (command: Command): Command =>
  command.option("--lab", "reach the lab of this topology on this machine instead of the real nodes");

/** The file that the options, the environment or the directory name. */
export const topologyPath = (options: ClusterOptions): string =>
  options.file ?? (process.env.HOLDFAST_TOPOLOGY || "topology.yaml");

let fromInput: Promise<string> | undefined;

/** Can be read once only, while one command may look at its topology several times. */
function standardInput(): Promise<string> {
  fromInput ??= readStream(process.stdin);
  return fromInput;
}

/** Reads the text of that file. */
export async function readTopology(options: ClusterOptions): Promise<{ path: string; text: string }> {
  const path = topologyPath(options);
  if (path === "-") return { path, text: await standardInput() };
  try {
    return { path, text: await readFile(path, "utf8") };
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UserError(
      `cannot read ${path} (${reason}): name the topology with -f FILE, or write one with 'holdfast init'`,
    );
  }
}

/** Reads, checks and resolves the topology; prints every error and throws when there is one. */
export async function loadCluster(options: ClusterOptions): Promise<TopologyFile> {
  const { path, text } = await readTopology(options);
  const { loadTopology } = await import("../topology/load.js");
  const { cluster, problems } = loadTopology(text);
  if (cluster !== null) return { cluster, text, path, warnings: problems };
  throw broken(path, problems);
}

/**
 * The cluster whose nodes are to be asked: whoever looks, confirms or goes back does not need the rest of a file that is
 * half edited. Throws when it does not even say where its nodes are.
 */
export async function clusterToReach(options: ClusterOptions): Promise<Cluster> {
  const { path, text } = await readTopology(options);
  const { loadTopology } = await import("../topology/load.js");
  const { cluster, problems } = loadTopology(text);
  if (cluster !== null) return cluster;
  const { whereabouts } = await import("../topology/whereabouts.js");
  const found = whereabouts(text);
  if (found === null) throw broken(path, problems);
  process.stderr.write(
    `  ! ${path} has ${errorsIn(problems)} ('holdfast validate' shows where): only the nodes' addresses are read from it\n`,
  );
  return found;
}

/** Prints every problem. */
function broken(path: string, problems: readonly Problem[]): UserError {
  for (const problem of problems) process.stderr.write(`${formatProblem(path, problem)}\n`);
  return new UserError(`${path} has ${errorsIn(problems)}; nothing was done`);
}

const errorsIn = (problems: readonly Problem[]): string =>
  count(problems.filter(({ severity }) => severity === "error").length, "error");

/** `FILE:LINE:COL path: message`, as editors and terminals make it a link. */
export function formatProblem(file: string, problem: Problem): string {
  const { line, column } = problem.position;
  const path = problem.path === "" ? "" : `${problem.path}: `;
  const mark = problem.severity === "warning" ? "warning: " : "";
  return `${file}:${line}:${column} ${path}${mark}${problem.message}`;
}

/** `1 error`, `2 errors`. */
export const count = (number: number, noun: string, nouns = `${noun}s`): string =>
  `${number} ${number === 1 ? noun : nouns}`;
