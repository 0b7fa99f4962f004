import type { Host } from "../host/host.js";
import type { RenderedFile } from "../render/file.js";
import { paths } from "../render/paths.js";
import type { Cluster, Node } from "../topology/cluster.js";
import type { Change } from "./change.js";
import { changePool, readPool } from "./change-pool.js";
import { awaitConntrackd } from "./conntrackd.js";
import type { GenerationNote } from "./generation.js";
import { awaitHaproxy, reloadHaproxy } from "./haproxy.js";
import type { Journal } from "./journal.js";
import { awaitKeepalived, reloadKeepalived, wantedInstances } from "./keepalived.js";
import { wantedRouting } from "./kernel-routing.js";
import { wantedSettings } from "./kernel-settings.js";
import { spreadNow } from "./kernel-spread.js";
import { awaitMultiplexer } from "./multiplexer.js";
import { awaitOpenvpn, isOpenvpn } from "./openvpn-up.js";
import { defaultPatience, type Patience, until } from "./patience.js";
import { rulesPath } from "./plan.js";
import { parseLivePool } from "./pool-live.js";
import { bringRouting, confirmRouting, loadRouting } from "./routing.js";
import { confirmRules, loadRules } from "./rules.js";
import { confirmSettings, loadSettings } from "./settings.js";
import type { ServiceName, Step } from "./steps.js";

/** What a node is to become. */
export interface Target {
  readonly cluster: Cluster;
  /** Null on a VPN server. */
  readonly node: Node | null;
  readonly files: readonly RenderedFile[];
  /** What history is to say of it. */
  readonly note?: GenerationNote;
}

/**
 * Carries out one step and returns once the engine shows that it took; throws with its words when it did not.
 *
 * @param changes what was done to the files
 */
export async function runStep(
  host: Host,
  step: Step,
  target: Target,
  changes: readonly Change[],
  patience: Patience,
): Promise<void> {
  const { services } = host;
  switch (step.kind) {
    case "reload-units":
      return services.reloadUnits();
    case "enable":
      return services.enable(step.unit);
    case "load-rules": {
      const path = rulesPath(step.family);
      const body = bodyOf(target, path);
      const change = changes.find((one) => one.path === path);
      const pool = await readPool(host);
      const spread = pool === null ? undefined : spreadNow(target.cluster, step.family, parseLivePool(pool));
      await loadRules(host, step.family, body, change === undefined ? body : change.before?.body, spread);
      return confirmRules(host, step.family, body);
    }
    case "load-settings":
      await loadSettings(host, wantedSettings(target.files));
      return confirmSettings(host, wantedSettings(target.files));
    case "load-routes":
      await loadRouting(host, wantedRouting(target.cluster, target.files));
      return confirmRouting(host, wantedRouting(target.cluster, target.files));
    case "change-servers":
      return changePool(host, bodyOf(target, paths.haproxyCfg), patience);
    default:
      return tellService(host, step.kind, step.service, target, patience);
  }
}

const bodyOf = ({ files }: Target, path: string): string =>
  files.find((file) => file.path === path)?.body ?? "";

async function tellService(
  host: Host,
  verb: "start" | "reload" | "restart" | "stop",
  service: ServiceName,
  target: Target,
  patience: Patience,
): Promise<void> {
  const { cluster, node } = target;
  const instances = node === null ? [] : wantedInstances(cluster, node);
  if (verb === "reload" && service === "haproxy") return reloadHaproxy(host, patience);
  if (verb === "reload" && service === "keepalived") return reloadKeepalived(host, instances, patience);
  await host.services[verb](service);
  if (verb === "stop") return host.services.disable(service);
  if (service === "conntrackd") return awaitConntrackd(host, patience);
  if (service === "haproxy") return awaitHaproxy(host, patience);
  if (service === "holdfast-multiplexer")
    return awaitMultiplexer(host, bodyOf(target, paths.multiplexerJson), patience);
  if (service === "keepalived") return awaitKeepalived(host, instances, patience);
  if (isOpenvpn(service)) return awaitOpenvpn(host, service, patience);
  return awaitRunning(host, service, patience);
}

const awaitRunning = (host: Host, service: ServiceName, patience: Patience): Promise<void> =>
  until(
    async () => ((await host.services.status(service)).running ? null : `${service} does not run`),
    patience,
  );

/** The opposite of a step, after the files were put back: the engine is again what the journal remembers. */
export async function undoStep(host: Host, step: Step, journal: Journal): Promise<void> {
  const { services } = host;
  switch (step.kind) {
    case "reload-units":
      return services.reloadUnits();
    case "enable":
      return services.disable(step.unit);
    case "load-rules":
      return loadRules(host, step.family, journal.rules[step.family]);
    case "load-settings":
      return loadSettings(host, journal.settings);
    case "load-routes":
      return bringRouting(host, journal.routing);
    case "change-servers":
      return restorePool(host);
    case "start":
      return services.stop(step.service);
    case "stop":
      return services.start(step.service);
    default:
      return services[step.kind](step.service);
  }
}

/** From the file that was put back. A reload always gets there, at the price of sessions: only when nothing else does. */
async function restorePool(host: Host): Promise<void> {
  const cfg = await host.read(paths.haproxyCfg);
  await changePool(host, cfg ?? "", defaultPatience).catch(() => host.services.reload("haproxy"));
}
