import type { Lab } from "../lab/lab.js";
import type { Progress, Stage } from "../lab/up.js";
import { type ClusterOptions, printJson, UserError } from "./context.js";
import { loadCluster } from "./topology-file.js";
import { programVersion } from "./version.js";

export async function bringUp(options: ClusterOptions & { switches: number }): Promise<void> {
  const { cluster, path } = await loadCluster(options);
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
        configure: configureNodes,
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
};

/** As `holdfast apply --lab --yes` on nodes that have nothing yet. */
export async function configureNodes(lab: Lab, signal: AbortSignal): Promise<void> {
  const { applyFleet } = await import("../fleet/apply.js");
  const names = lab.cluster.nodes.map(({ name }) => name);
  await applyFleet({
    cluster: lab.cluster,
    hosts: new Map(names.map((name) => [name, lab.machine(name).host])),
    programVersion,
    approve: async () => true,
    order: names, // Nobody is active yet: the preferred node starts first.
    onProgress: () => undefined,
    signal,
  });
}
