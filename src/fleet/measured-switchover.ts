import { setTimeout as sleep } from "node:timers/promises";
import { replyAt } from "../drill/probe-log.js";
import { outage } from "../drill/series.js";
import type { Host } from "../host/host.js";
import { nodeDown, observeNode } from "../observe/node.js";
import type { NodeState } from "../observe/state.js";
import type { Cluster } from "../topology/cluster.js";
import type { Hosts } from "./plan.js";
import { moveTo } from "./switchover.js";
import { planSwitchover, SwitchoverError } from "./switchover-plan.js";

/** Milliseconds. */
const quietBefore = 300;
const movedWithin = 10_000;
const lookEvery = 100;
const probes = 2_000;

/**
 * A planned move with its gap in milliseconds: the longest silence of the first virtual IP, probed every millisecond
 * by the node that takes it over, first across the network and then at home.
 */
export async function measuredSwitchover(
  cluster: Cluster,
  hosts: Hosts,
  wanted: string | null,
): Promise<{ from: string; to: string; gap: number }> {
  const plan = planSwitchover(cluster, await observeAll(cluster, hosts), wanted);
  const hostOf = (name: string): Host => {
    const host = hosts.get(name);
    if (!host) throw new SwitchoverError(`${name} is not in reach`);
    return host;
  };
  const address = cluster.virtualIps[0]?.addresses[0]?.address ?? "";
  const started = Date.now();
  const probing = hostOf(plan.to).run(
    ["fping", "-D", "-i", "1", "-p", "1", "-t", "1000", "-c", String(probes), address],
    { timeout: probes * 4 + 5_000 },
  );
  probing.catch(() => undefined); // Looked at below, whatever the move does meanwhile.
  await sleep(quietBefore);
  await moveTo(cluster, hostOf, plan);
  await becomesActive(cluster, hosts, plan.to);
  const replies = (await probing).stdout.split("\n").flatMap((line) => replyAt(line) ?? []);
  if (replies.length === 0)
    throw new SwitchoverError(`${plan.to} is active, but ${address} never answered it`);
  return { from: plan.from, to: plan.to, gap: outage(replies, 1, started, replies.at(-1) ?? started) };
}

const observeAll = (cluster: Cluster, hosts: Hosts): Promise<NodeState[]> =>
  Promise.all([...hosts].map(([name, host]) => observeNode(host, cluster, name).catch(() => nodeDown(name))));

async function becomesActive(cluster: Cluster, hosts: Hosts, node: string): Promise<void> {
  for (const until = Date.now() + movedWithin; ; await sleep(lookEvery)) {
    const states = await observeAll(cluster, hosts);
    if (states.some(({ name, role }) => name === node && role === "active")) return;
    if (Date.now() > until)
      throw new SwitchoverError(
        `${node} did not become active within ${movedWithin / 1_000} s: see 'holdfast status'`,
      );
  }
}
