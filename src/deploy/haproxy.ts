import type { Host } from "../host/host.js";
import { paths } from "../render/paths.js";
import { FinalComplaint, type Patience, until } from "./patience.js";
import { takenBinds } from "./taken-binds.js";

/** What HAProxy's master says of its processes (management guide, section 9.4, `show proc`). */
export interface Processes {
  readonly master: number;
  readonly reloads: number;
  readonly failed: number;
  /** Workers that serve new sessions. */
  readonly workers: readonly number[];
}

/** Throws when `answer` has no line for the master. */
export function parseProcesses(answer: string): Processes {
  const master = /^(\d+)\s+master\s+(\d+)(?:\s+\[failed: (\d+)\])?/m.exec(answer);
  if (master === null) throw new Error(`HAProxy's master does not tell its processes: ${answer.trim()}`);
  const serving = answer.split(/^# old workers/m)[0] ?? "";
  const workers = [...serving.matchAll(/^(\d+)\s+worker\s/gm)].map((match) => Number(match[1]));
  return { master: Number(master[1]), reloads: Number(master[2]), failed: Number(master[3] ?? 0), workers };
}

/** A master that does not answer within a second is asked again. */
const processes = async (host: Host): Promise<Processes> =>
  parseProcesses(await host.ask(paths.haproxyMaster, "show proc\n", 1_000));

/** Reloads, and returns once a new worker serves under the same master. Throws when the master refused the file. */
export async function reloadHaproxy(host: Host, patience: Patience): Promise<void> {
  const before = await processes(host);
  await host.services.reload("haproxy");
  await until(async () => reloadComplaint(before, await processes(host)), patience).catch(
    async (error: unknown) => {
      if (!(error instanceof FinalComplaint)) throw error;
      const taken = await takenHere(host).catch(() => []);
      throw taken.length === 0 ? error : new FinalComplaint(`${error.message}: ${taken.join(", ")}`);
    },
  );
}

/** What keeps HAProxy from listening where its file says. */
const takenHere = async (host: Host): Promise<string[]> =>
  takenBinds(
    (await host.read(paths.haproxyCfg)) ?? "",
    (await host.run(["ss", "-Hltnp"], { timeout: 2_000 })).stdout,
  );

/** What still speaks against a reload having taken. Throws a FinalComplaint when it never will. */
export function reloadComplaint(before: Processes, after: Processes): string | null {
  if (after.master !== before.master)
    return `HAProxy's master is ${after.master} instead of ${before.master}: it was restarted`;
  if (after.failed > before.failed)
    throw new FinalComplaint("HAProxy refused to reload and keeps its old worker");
  if (after.reloads <= before.reloads) return "HAProxy did not notice that it should reload";
  return after.workers.some((pid) => !before.workers.includes(pid)) ? null : "HAProxy has no new worker";
}

/** Returns once a worker serves. */
export const awaitHaproxy = (host: Host, patience: Patience): Promise<void> =>
  until(async () => ((await processes(host)).workers.length > 0 ? null : "HAProxy has no worker"), patience);
