import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Host } from "../host/host.js";
import { handlesSignal } from "../observe/process.js";
import { keepalivedProcesses } from "../observe/vrrp.js";
import { paths } from "../render/paths.js";
import type { Cluster, Node } from "../topology/cluster.js";
import { virtualIpsOn, vrrpNetworks } from "../topology/select.js";
import { type Patience, until } from "./patience.js";

/** What a VRRP instance must have become. */
export interface Instance {
  readonly name: string;
  readonly routerId: number;
  readonly priority: number;
  /** Seconds. */
  readonly advertInterval: number;
  /** With prefix length, sorted. */
  readonly addresses: readonly string[];
}

/** The instances that the cluster wants on the node, by name. */
export const wantedInstances = (cluster: Cluster, node: Node): Instance[] =>
  vrrpNetworks(cluster)
    .map((network) => ({
      name: network.name,
      routerId: network.virtualRouterId ?? 0,
      priority: node.priority,
      advertInterval: cluster.failover.advertInterval / 1000,
      addresses: virtualIpsOn(cluster, network.name)
        .flatMap((ip) => ip.addresses.map(({ address, prefix }) => `${address}/${prefix}`))
        .sort(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

const dumpSchema = z.array(
  z.object({
    data: z.object({
      iname: z.string(),
      vrid: z.number(),
      base_priority: z.number(),
      adver_int: z.number(),
      vips: z.array(z.string()).default([]),
      evips: z.array(z.string()).default([]),
    }),
  }),
);

/** keepalived's own dump (keepalived(8), signal JSON), by name. */
export const parseDump = (text: string): Instance[] =>
  dumpSchema
    .parse(JSON.parse(text))
    .map(({ data }) => ({
      name: data.iname,
      routerId: data.vrid,
      priority: data.base_priority,
      advertInterval: data.adver_int,
      // "10.0.1.100/24 dev eth1 scope global set"
      addresses: [...data.vips, ...data.evips].map((text) => text.split(" ")[0] ?? "").sort(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** Reloads, and returns once the same process runs the wanted instances. */
export async function reloadKeepalived(
  host: Host,
  wanted: readonly Instance[],
  patience: Patience,
): Promise<void> {
  const before = await host.services.status("keepalived");
  await host.services.reload("keepalived");
  await awaitKeepalived(host, wanted, patience);
  const after = await host.services.status("keepalived");
  if (after.pid !== before.pid)
    throw new Error(`keepalived is process ${after.pid} instead of ${before.pid}: it was restarted`);
}

/** Returns once keepalived says that it runs the wanted instances. */
export const awaitKeepalived = (host: Host, wanted: readonly Instance[], patience: Patience): Promise<void> =>
  until(async () => instancesComplaint(wanted, parseDump(await dump(host))), patience);

/** One attempt: has the VRRP process write its state, and reads it. */
async function dump(host: Host): Promise<string> {
  const processes = await keepalivedProcesses(host);
  if (processes === null) throw new Error("keepalived does not run");
  const signal = Number((await host.run(["keepalived", "--signum=JSON"])).stdout);
  // A process that does not handle the signal yet would die of it (signal(7), real-time signals).
  if (!handlesSignal((await host.read(`/proc/${processes.vrrp}/status`)) ?? "", signal))
    throw new Error("keepalived does not answer yet");
  await host.remove(paths.keepalivedJson);
  await host.run(["kill", `-${signal}`, String(processes.vrrp)]);
  for (let attempt = 0; attempt < 30; attempt++) {
    const text = await host.read(paths.keepalivedJson);
    if (text?.trimEnd().endsWith("]")) return text;
    await sleep(10);
  }
  throw new Error("keepalived does not tell its state");
}

/** What still speaks against the wanted instances running. */
export function instancesComplaint(wanted: readonly Instance[], running: readonly Instance[]): string | null {
  const names = (instances: readonly Instance[]) => instances.map(({ name }) => name).join(", ") || "none";
  if (names(wanted) !== names(running))
    return `keepalived runs the instances ${names(running)} instead of ${names(wanted)}`;
  const wrong = wanted.find((instance, index) => JSON.stringify(instance) !== JSON.stringify(running[index]));
  return wrong ? `keepalived's instance ${wrong.name} is not what was rendered` : null;
}
