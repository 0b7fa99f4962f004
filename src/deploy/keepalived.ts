import type { Host } from "../host/host.js";
import { keepalivedProcesses } from "../observe/vrrp.js";
import { dumpVrrp, type VrrpInstance } from "../observe/vrrp-dump.js";
import type { Cluster, Node } from "../topology/cluster.js";
import { virtualIpsOn, vrrpNetworks } from "../topology/select.js";
import { type Patience, until } from "./patience.js";

/** What a VRRP instance must have become; its role and its effective priority are its own affair. */
export type Instance = Omit<VrrpInstance, "state" | "priority"> & { readonly priority: number };

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
  until(async () => instancesComplaint(wanted, await runningInstances(host)), patience);

/** Milliseconds for one answer; one that reloads is asked again. */
const answerWithin = 300;

async function runningInstances(host: Host): Promise<Instance[]> {
  const processes = await keepalivedProcesses(host);
  if (processes === null) throw new Error("keepalived does not run");
  const dump = await dumpVrrp(host, processes.vrrp, answerWithin);
  if (dump === null) throw new Error("keepalived does not tell its state");
  return dump
    .map(({ name, routerId, priority, advertInterval, addresses }) => ({
      name,
      routerId,
      priority: priority.base,
      advertInterval,
      addresses,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What still speaks against the wanted instances running. */
export function instancesComplaint(wanted: readonly Instance[], running: readonly Instance[]): string | null {
  const names = (instances: readonly Instance[]) => instances.map(({ name }) => name).join(", ") || "none";
  if (names(wanted) !== names(running))
    return `keepalived runs the instances ${names(running)} instead of ${names(wanted)}`;
  const wrong = wanted.find((instance, index) => JSON.stringify(instance) !== JSON.stringify(running[index]));
  return wrong ? `keepalived's instance ${wrong.name} is not what was rendered` : null;
}
