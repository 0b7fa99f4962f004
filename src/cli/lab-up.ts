import type { Lab } from "../lab/lab.js";
import type { Progress, Stage } from "../lab/up.js";
import type { ReachedAgent } from "./agents.js";
import { type ClusterOptions, printJson, UserError } from "./context.js";
import { loadCluster } from "./topology-file.js";

export async function bringUp(
  options: ClusterOptions & { switches: number; vpnClients?: number },
): Promise<void> {
  const { cluster, path, text } = await loadCluster(options);
  const { labUp } = await import("../lab/up.js");
  const { showProgress } = await import("./lab-progress.js");
  const abort = new AbortController();
  const interrupt = (): void => abort.abort(new UserError("interrupted; nothing of the lab is left"));
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    const lab = await showProgress(words, options.json === true, (progress: (event: Progress) => void) =>
      labUp(cluster, {
        switches: options.switches,
        vpnClients: options.vpnClients,
        configure: configureNodes(text),
        progress,
        signal: abort.signal,
      }),
    );
    const machines = lab.machines.map(({ name, kind, addresses }) => ({ name, kind, addresses }));
    if (options.json) printJson("lab-up", { cluster: cluster.name, machines });
    else
      process.stdout.write(`The lab of ${cluster.name} is up. 'holdfast lab down -f ${path}' removes it.\n`);
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

/** What stands before each stage's outcome. */
export const words: Readonly<Record<Stage, string>> = {
  fabric: "fabric",
  machines: "machines",
  programs: "programs",
  configure: "configuration",
  active: "failover",
  switches: "switches",
  ping: "data plane",
  vpn: "clients",
};

/** As `holdfast apply --lab --yes` on machines that have nothing yet: their agents run, and the first of them coordinates. */
export const configureNodes =
  (topology: string) =>
  async (lab: Lab, signal: AbortSignal): Promise<void> => {
    const { applyTopology } = await import("./apply-topology.js");
    const agents = await startAgents(lab, signal);
    const { progressLine } = await import("./progress-text.js");
    const complaints: string[] = [];
    const outcome = await applyTopology(
      agents,
      { topology },
      (progress) => {
        if (progress.kind === "failed" || progress.kind === "refused")
          complaints.push(progressLine(progress).trimEnd());
      },
      signal,
    );
    if (outcome.outcome !== "kept")
      throw new UserError(
        ["the machines cannot be configured", ...complaints, ...outcome.trouble].join("\n"),
      );
  };

/** Milliseconds within which an agent answers after its start. */
const answersWithin = 15_000;

/** With nothing but their certificates, as after an installation. */
export async function startAgents(lab: Lab, signal: AbortSignal): Promise<ReachedAgent[]> {
  const { AgentClient } = await import("../fleet/client.js");
  const { until } = await import("../lab/readiness.js");
  const { machineNames } = await import("../topology/machines.js");
  return Promise.all(
    machineNames(lab.cluster).map(async (name) => {
      await lab.machine(name).host.services.start("holdfast-agent");
      const client = new AgentClient(name, { kind: "unix", path: lab.agentSocket(name) ?? "" });
      const answers = () =>
        client.call("health", {}).then(
          () => true,
          () => false,
        );
      await until(`${name}: its agent answers`, answers, { patience: answersWithin, signal });
      return { node: name, client };
    }),
  );
}
