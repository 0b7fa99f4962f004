import type { Host } from "../host/host.js";
import { generationPaths } from "./generation.js";
import type { Journal } from "./journal.js";
import { wantedRouting } from "./kernel-routing.js";
import { wantedSettings } from "./kernel-settings.js";
import { ownRules } from "./kernel-tables.js";
import { enginesOf } from "./origin.js";
import type { NodePlan } from "./plan.js";
import { readRouting } from "./routing.js";
import { saveRules } from "./rules.js";
import type { Target } from "./run-step.js";
import { readSettings } from "./settings.js";
import type { Step } from "./steps.js";

/** What puts a node back: of the kernel only the parts that the plan's steps touch. */
export async function remember(
  host: Host,
  { changes, steps, to }: NodePlan,
  target: Target,
  staged: ReadonlyMap<string, string>,
): Promise<Journal> {
  const touches = (kind: Step["kind"]) => steps.some((step) => step.kind === kind);
  const previous = await host.linked(generationPaths.current);
  const [services, rules, settings, routing] = await Promise.all([
    previous === null ? servicesOf(host, enginesOf(target.files)) : [],
    touches("load-rules") ? rulesOf(host) : { 4: "", 6: "" },
    touches("load-settings") ? settingsOf(host, target) : [],
    touches("load-routes") ? routingOf(host, target) : { routes: [], links: [], wayBack: [] },
  ]);
  return {
    schema: "holdfast/journal/v1",
    generation: to,
    previous,
    files: changes.map(({ path, before }) => ({ path, staged: staged.get(path) ?? null, before })),
    steps: [...steps],
    services,
    rules,
    settings,
    routing,
  };
}

async function rulesOf(host: Host): Promise<Journal["rules"]> {
  const [v4, v6] = await Promise.all([saveRules(host, 4), saveRules(host, 6)]);
  return { 4: ownRules(v4), 6: ownRules(v6) };
}

async function settingsOf(host: Host, { files }: Target): Promise<Journal["settings"]> {
  const keys = wantedSettings(files).map(([key]) => key);
  return [...(await readSettings(host, keys))];
}

/** Only links that the topology sets are put back. */
async function routingOf(host: Host, { cluster, files }: Target): Promise<Journal["routing"]> {
  const { routes, links, wayBack } = await readRouting(host);
  const set = new Set(wantedRouting(cluster, files).links.map(({ device }) => device));
  return { routes: [...routes], links: links.filter(({ device }) => set.has(device)), wayBack: [...wayBack] };
}

const servicesOf = (host: Host, names: readonly string[]): Promise<Journal["services"]> =>
  Promise.all(
    names.map(async (name) => ({
      name,
      running: (await host.services.status(name)).running,
      enabled: await isEnabled(host, name),
    })),
  );

/** The lab's supervisor knows no such thing. */
const isEnabled = (host: Host, name: string): Promise<boolean | null> =>
  host
    .run(["systemctl", "is-enabled", "--quiet", `${name}.service`])
    .then(({ exitCode }) => exitCode === 0)
    .catch(() => null);
