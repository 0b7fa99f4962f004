import { createHash } from "node:crypto";
import { printableLine } from "../api/printable.js";
import { agreed } from "../drill/about.js";
import { safeDrills } from "../drill/catalogue.js";
import type { SafeDrill } from "../drill/drill.js";
import { liveExpectation } from "../drill/live/live-measurement.js";
import type { AnyDrill } from "../drill/offered.js";
import type { DrillReport } from "../drill/report.js";
import { clientNetwork, type Readiness } from "../drill/situation.js";
import type { ClusterStatus } from "../fleet/status.js";
import { loadTopology } from "../topology/load.js";
import { type AgentOptions, askFirst, reachAgents } from "./agents.js";
import { UserError } from "./context.js";
import { runLiveDrills, untilEnded } from "./drill-run.js";
import { interruptible } from "./interruption.js";
import { liveReadiness } from "./live-readiness.js";
import { liveSubjectOf } from "./live-subject.js";
import { seeCluster } from "./see-cluster.js";
import type { TopologyFile } from "./topology-file.js";
import { programVersion } from "./version.js";

interface LiveOptions extends AgentOptions {
  readonly yes?: boolean;
}

/** Of these, in their order; throws where one breaks something. */
export function onlySafe(drills: readonly Pick<AnyDrill, "name">[]): SafeDrill[] {
  const unsafe = drills.filter(({ name }) => safeDrills.every((safe) => safe.name !== name));
  if (unsafe.length > 0) {
    const names = [...new Set(unsafe.map(({ name }) => name))];
    const most =
      names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
    throw new UserError(
      `${most} would break machines on purpose: such drills need a lab ('holdfast lab up' makes one, --lab names it); ` +
        `safe on real nodes: ${safeDrills.map(({ name }) => name).join(", ")}`,
    );
  }
  return drills.flatMap(({ name }) => safeDrills.find((safe) => safe.name === name) ?? []);
}

/** Runs safe drills on the real nodes: looks first, says what will happen to whom, and asks. */
export async function drillRealNodes(
  drills: readonly SafeDrill[],
  { cluster: written }: Pick<TopologyFile, "cluster">,
  options: LiveOptions,
  seed: number | null,
): Promise<{
  readonly report: DrillReport;
  readonly cluster: TopologyFile["cluster"];
  readonly failure: unknown;
}> {
  if (options.json && !options.yes) throw new UserError("--json asks nobody: give --yes too");
  const begun = new Date().toISOString();
  const agents = await reachAgents(options, written);
  const { topology: text } = (await askFirst(agents, "topology", {}, 5_000)).answer;
  // What is promised follows from what runs, not from a file that may be ahead of it.
  const { cluster } = loadTopology(text);
  if (cluster === null)
    throw new UserError(
      "the nodes run a topology that this version cannot read, and so cannot say what it promises: use theirs",
    );
  const status = await seeCluster(options);
  const found = liveReadiness(cluster, status);
  const { results, unready, failure } = found.ready
    ? await asked(drills, cluster, found, options)
    : {
        ...{ results: [], failure: null },
        unready: `cluster ${cluster.name} cannot be drilled (${found.reason}): look at 'holdfast status'`,
      };
  const about = {
    where: "nodes" as const,
    begun,
    ended: new Date().toISOString(),
    topologyDigest: createHash("sha256").update(text).digest("hex"),
    versions: versionsIn(status),
    seed,
  };
  return { report: { cluster: cluster.name, about, results, random: null, unready }, cluster, failure };
}

async function asked(
  drills: readonly SafeDrill[],
  cluster: TopologyFile["cluster"],
  found: Extract<Readiness, { ready: true }>,
  options: LiveOptions,
) {
  process.stderr.write(`${announcement(drills, cluster, found)}\n`);
  if (!options.yes) {
    const { askYes } = await import("./ask-person.js");
    if (!(await askYes(`Move the real nodes of ${cluster.name}?`))) throw new UserError("nothing was moved");
    const now = liveReadiness(cluster, await seeCluster(options));
    if (now.ready && now.active !== found.active)
      throw new UserError(`meanwhile ${now.active} is active, and not ${found.active}: nothing was moved`);
  }
  return interruptible(
    (signal) => untilEnded(runLiveDrills(liveSubjectOf(cluster, options), drills, signal), signal),
    "interrupted; what became of the move is told above",
  );
}

/** What will happen to whom, and what may be noticed. */
export function announcement(
  drills: readonly SafeDrill[],
  cluster: TopologyFile["cluster"],
  { active, standby }: Pick<Extract<Readiness, { ready: true }>, "active" | "standby">,
): string {
  const situation = {
    ...{ active, standby, network: clientNetwork(cluster) },
    busiestServer: { machine: "", sessions: 0 },
  };
  const addresses = cluster.virtualIps.flatMap((own) => own.addresses.map(({ address }) => address));
  const proxied = cluster.services.filter(({ mode }) => mode === "proxy").map(({ name }) => name);
  return [
    `On the real nodes of ${cluster.name}, of which ${active} is active:`,
    ...drills.map((drill) => {
      const { addressOutageAtMost } = liveExpectation(drill.expect(cluster, situation));
      const { text } = drill.fault.on(situation);
      return `  ${drill.name}   ${text}, and back: each way silent for ${Math.round(addressOutageAtMost)} ms at most`;
    }),
    `  the virtual IPs ${addresses.join(", ")} move`,
    ...(proxied.length === 0
      ? []
      : [`  each time all sessions of ${proxied.join(", ")} end, and have to connect again`]),
  ]
    .map(printableLine)
    .join("\n");
}

const versionsIn = ({ nodes }: ClusterStatus): Record<string, string> => ({
  ...agreed(
    nodes.flatMap(({ name, report }) =>
      report === null ? [] : [{ machine: name, versions: new Map([["holdfast", report.program]]) }],
    ),
  ),
  "holdfast here": programVersion,
});
