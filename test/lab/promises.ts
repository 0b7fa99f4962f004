import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { SyncReport } from "../../src/agent/sync/sync-report.js";
import { agentsOfLab } from "../../src/cli/agents.js";
import { subjectOf } from "../../src/cli/lab-subject.js";
import { readiness } from "../../src/drill/situation.js";
import type { Lab } from "../../src/lab/lab.js";

/**
 * Waits until one node is active, every other ready and in sync with it, and no fault so recent that it still weighs.
 */
export async function calmLab(lab: Lab): Promise<{ active: string; standby: string }> {
  const subject = subjectOf(lab);
  const state = async () => {
    const no = (reason: string) => ({ ready: false as const, reason });
    // Engines are asked last: it starts a dozen programs on each node.
    if (!(await subject.content())) return no("an agent is not content");
    const agents = await Promise.all(lab.cluster.nodes.map(({ name }) => stateOf(lab, name)));
    const [lacks] = agents.flatMap(({ sync }) => (sync as SyncReport | undefined)?.why ?? []);
    return lacks === undefined ? readiness(lab.cluster, await subject.states()) : no(lacks);
  };
  let seen: Awaited<ReturnType<typeof state>> = { ready: false, reason: "nobody has looked yet" };
  try {
    await expect
      .poll(async () => (seen = await state()), { timeout: 60_000, interval: 200 })
      .toMatchObject({ ready: true });
  } catch (error) {
    await printSyncs(lab);
    await printAgentLogs(lab);
    throw error;
  }
  if (!seen.ready) throw new Error(seen.reason);
  return seen;
}

/** What the agent itself knows. */
async function stateOf(lab: Lab, node: string): Promise<Readonly<Record<string, unknown>>> {
  const agent = (await agentsOfLab(lab)).find((one) => one.node === node);
  if (agent === undefined) throw new Error(`${node} is off`);
  return agent.client.call("state", {});
}

/** Whether a witness on that network answers that node. */
export async function hearsOn(lab: Lab, node: string, network: string): Promise<boolean> {
  const networks = (await stateOf(lab, node)).networks as readonly {
    name: string;
    heard: readonly string[];
  }[];
  return networks.some(({ name, heard }) => name === network && heard.length > 0);
}

/** The nodes on which every virtual IP stands; a node with only some of them counts as `NAME, in part`. */
export async function ownersOf(lab: Lab): Promise<string[]> {
  const wanted = lab.cluster.virtualIps.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  const owned = await Promise.all(
    lab.cluster.nodes.map(async ({ name }) => {
      const shown = await addressesShown(lab, name);
      const here = wanted.filter((address) => shown.includes(` ${address}/`)).length;
      if (here === 0) return [];
      return here === wanted.length ? [name] : [`${name}, in part`];
    }),
  );
  return owned.flat();
}

/** Everything that `ownersOf` said for so many milliseconds, each answer once: one name alone means that nothing moved. */
export async function ownersWhile(lab: Lab, duration: number): Promise<string[]> {
  const seen = new Set<string>();
  for (const until = Date.now() + duration; Date.now() < until; await sleep(20))
    seen.add((await ownersOf(lab)).join(" and ") || "nobody");
  return [...seen];
}

/** Kills a node's agent without a goodbye; the supervisor does not start it again before the node's next boot. */
export async function killAgent(lab: Lab, node: string): Promise<void> {
  await lab.faults.signal(node, "holdfast-agent", "SIGKILL");
  await lab.machine(node).host.services.stop("holdfast-agent");
}

/** For the reader of a failure. */
export async function printAgentLogs(lab: Lab): Promise<void> {
  for (const { name } of lab.cluster.nodes) {
    const { stdout } = await lab.machine(name).exec(["tail", "-n", "30", "/run/log/holdfast-agent.log"]);
    process.stderr.write(`${name}:\n${stdout}\n`);
  }
}

/** What each conntrackd says of itself and would send. */
async function printSyncs(lab: Lab): Promise<void> {
  for (const { name } of lab.cluster.nodes)
    for (const option of ["-s", "-i"]) {
      const { stdout } = await lab.machine(name).exec(["conntrackd", option]);
      process.stderr.write(`${name}: conntrackd ${option}\n${stdout}\n`);
    }
}

async function addressesShown(lab: Lab, node: string): Promise<string> {
  try {
    return (await lab.machine(node).exec(["ip", "-o", "address", "show"])).stdout;
  } catch {
    return ""; // It is off.
  }
}
