import { statSync } from "node:fs";
import { uptime } from "node:os";
import { changePool, readPool } from "../../deploy/change-pool.js";
import { defaultPatience } from "../../deploy/patience.js";
import { poolTask } from "../../deploy/pool-task.js";
import { runStep, type Target } from "../../deploy/run-step.js";
import type { Step } from "../../deploy/steps.js";
import type { Host } from "../../host/host.js";
import type { KeptGeneration } from "../../observe/kept-generation.js";
import { haproxyFile } from "../../observe/pool-look.js";
import { parseStat } from "../../observe/process.js";
import type { RenderedFile } from "../../render/file.js";
import type { NodeDocument } from "../../render/node-json.js";
import { paths } from "../../render/paths.js";
import { openvpnService } from "../../render/vpn/vpn-services.js";
import type { Drifted } from "./drift-ledger.js";

/**
 * Makes one thing again what the generation says, by the steps of an apply. Throws when it does not take, and when
 * nobody knows what it should be.
 */
export async function putBack(host: Host, kept: KeptGeneration, item: Drifted): Promise<void> {
  const run = (step: Step) => runStep(host, step, targetOf(kept), [], defaultPatience);
  switch (item.kind) {
    case "file":
      return putFileBack(host, kept, item.what, run);
    case "rules":
      return run({ kind: "load-rules", family: item.what === "IPv6" ? 6 : 4 });
    case "setting":
      return run({ kind: "load-settings" });
    case "route":
      return run({ kind: "load-routes" });
    case "pool":
      return putPoolBack(host, kept, run);
  }
}

function targetOf({ document, files }: KeptGeneration): Target {
  if (document === null) throw new Error(`the generation's copy of ${paths.nodeJson} is lost: apply again`);
  return { cluster: document.cluster, node: nodeOf(document), files };
}

const nodeOf = ({ cluster, node }: NodeDocument): Target["node"] =>
  cluster.nodes.find(({ name }) => name === node) ?? null;

type RunStep = (step: Step) => Promise<void>;

async function putFileBack(host: Host, kept: KeptGeneration, path: string, run: RunStep): Promise<void> {
  const file = kept.files.find((one) => one.path === path);
  if (file === undefined) throw new Error(`the generation's copy of ${path} is lost: apply again`);
  const changed = changedAt(path);
  const { body, mode, owner } = file;
  await host.swap(await host.stage(path, body, { mode, ...owner }), path);
  const step = await stepAfter(host, file, changed);
  if (step !== null) await run(step);
}

/** What an engine needs that may have read the file while it was wrong; kernel settings, rules and routes drift by themselves. */
async function stepAfter(
  host: Host,
  { engine, path }: RenderedFile,
  changed: number | null,
): Promise<Step | null> {
  if (engine === "systemd") return { kind: "reload-units" };
  // What did not change there goes on undisturbed.
  if (engine === "multiplexer") return { kind: "reload", service: "holdfast-multiplexer" };
  // What it read of a file that was wrong it forgets; no route of its peers' does that cost.
  if (engine === "bird") return { kind: "reload", service: "bird" };
  if (engine === "openvpn") {
    const service = openvpnService(path);
    if (service === null || changed === null) return null;
    // It reads its file once, and whoever is connected through one that read the right file stays so.
    const started = await startedAt(host, service);
    return started !== null && started > changed - tick ? { kind: "restart", service } : null;
  }
  if (engine !== "haproxy" && engine !== "keepalived" && engine !== "conntrackd") return null;
  if (changed === null || !(await host.services.status(engine)).running) return null;
  if (engine === "conntrackd")
    // It reads its file once, before it makes its socket.
    return (changedAt(paths.conntrackdSocket) ?? 0) > changed ? { kind: "restart", service: engine } : null;
  // keepalived cannot be asked which file it read, and reading the right one again moves no virtual IP.
  const reread = engine === "keepalived" || (await workerStarted(host)) > changed - clockStep;
  return reread ? { kind: "reload", service: engine } : null;
}

/** Milliseconds since the epoch at which the file, its mode or its owner changed; null for no file: none was read. */
const changedAt = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? null;

/** HAProxy tells its age in whole seconds. */
const clockStep = 1_500;

/** Milliseconds since the epoch at which HAProxy's newest worker read its file (management guide, 9.4, `show proc`). */
async function workerStarted(host: Host): Promise<number> {
  const answer = await host.ask(paths.haproxyMaster, "show proc\n", 1_000);
  const [, days, hours, minutes, seconds] =
    /^\d+\s+worker\s+\d+\s+(\d+)d(\d+)h(\d+)m(\d+)s/m.exec(answer) ?? [];
  const age = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return host.now() - age * 1_000;
}

/** Milliseconds: the kernel counts a process's age in these (proc(5), /proc/PID/stat, starttime). */
const tick = 10;

/** Milliseconds since the epoch at which a service's process started; null where it does not run. */
async function startedAt(host: Host, service: string): Promise<number | null> {
  const { pid } = await host.services.status(service);
  const stat = pid === null ? null : parseStat((await host.read(`/proc/${pid}/stat`)) ?? "");
  if (stat === null) return null;
  return host.now() - uptime() * 1_000 + Number(stat.startTime) * tick;
}

async function putPoolBack(host: Host, kept: KeptGeneration, run: RunStep): Promise<void> {
  const cfg = haproxyFile(kept);
  if (cfg === null) throw new Error(`the generation's copy of ${paths.haproxyCfg} is lost: apply again`);
  const task = poolTask(undefined, cfg, await readPool(host));
  if (task === "live") await changePool(host, cfg, defaultPatience);
  if (task === "reload") await run({ kind: "reload", service: "haproxy" });
}
