import { setTimeout as sleep } from "node:timers/promises";
import type { Host } from "../host/host.js";
import { paths } from "../render/paths.js";
import { handlesSignal } from "./process.js";
import type { VrrpState } from "./state.js";

/** A VRRP instance as keepalived runs it. */
export interface VrrpInstance {
  readonly name: string;
  readonly state: VrrpState;
  readonly routerId: number;
  /** As configured, and with what keepalived tracks. */
  readonly priority: { readonly base: number; readonly effective: number };
  /** Seconds. */
  readonly advertInterval: number;
  /** With prefix length, sorted. */
  readonly addresses: readonly string[];
}

/** keepalived's numbers (vrrp.h, VRRP_STATE_*). */
const states: readonly VrrpState[] = ["init", "backup", "master", "fault"];

/** Reads what keepalived writes on signal JSON (keepalived(8)); null while it is not yet complete. */
export function parseVrrpDump(text: string): VrrpInstance[] | null {
  try {
    const dump: unknown = JSON.parse(text);
    return Array.isArray(dump) ? dump.map(({ data }) => instance(data)) : null;
  } catch {
    return null;
  }
}

const instance = (data: Readonly<Record<string, unknown>>): VrrpInstance => ({
  name: String(data.iname),
  state: states[Number(data.state)] ?? "init",
  routerId: Number(data.vrid),
  priority: { base: Number(data.base_priority), effective: Number(data.effective_priority) },
  advertInterval: Number(data.adver_int),
  addresses: [data.vips, data.evips].flatMap(addresses).sort(),
});

/** `10.0.1.100/24 dev eth1 scope global set`; the key is absent where there is none. */
const addresses = (list: unknown): string[] =>
  Array.isArray(list) ? list.map((text) => String(text).split(" ")[0] ?? "") : [];

/** Has the VRRP process dump its state; null when it does not within `patience` milliseconds. */
export async function dumpVrrp(host: Host, vrrp: number, patience: number): Promise<VrrpInstance[] | null> {
  const signal = await jsonSignal(host, vrrp);
  const deadline = host.now() + patience;
  do {
    // A process that does not handle the signal yet would die of it (signal(7), real-time signals).
    const status = (await host.read(`/proc/${vrrp}/status`)) ?? "";
    if (handlesSignal(status, signal)) {
      await host.remove(paths.keepalivedJson);
      await host.run(["kill", `-${signal}`, String(vrrp)]);
      const dump = await completeDump(host, Math.min(deadline, host.now() + patience / 2));
      if (dump !== null) return dump;
    }
    await sleep(10);
  } while (host.now() < deadline);
  return null;
}

/** Waits for a complete dump. Another reader may remove it under our eyes: the caller then asks again. */
async function completeDump(host: Host, deadline: number): Promise<VrrpInstance[] | null> {
  do {
    const dump = parseVrrpDump((await host.read(paths.keepalivedJson)) ?? "");
    if (dump !== null) return dump;
    await sleep(5);
  } while (host.now() < deadline);
  return null;
}

/** The last answer of each machine: another process may be of another build. */
const asked = new WeakMap<Host, { readonly vrrp: number; readonly signal: number }>();

/** keepalived numbers its real-time signals by build: it is asked, once a process. */
async function jsonSignal(host: Host, vrrp: number): Promise<number> {
  const known = asked.get(host);
  if (known?.vrrp === vrrp) return known.signal;
  const { stdout, exitCode } = await host.run(["keepalived", "--signum=JSON"]);
  const signal = Number(stdout.trim());
  if (exitCode !== 0 || !Number.isInteger(signal) || signal < 1 || signal > 64)
    throw new Error(
      `${host.name}: this keepalived cannot dump its state as JSON (built without --enable-json)`,
    );
  asked.set(host, { vrrp, signal });
  return signal;
}
