import { setTimeout as sleep } from "node:timers/promises";
import { agentsOfLab } from "../src/cli/agents.js";
import type { AgentClient } from "../src/fleet/client.js";
import type { Lab } from "../src/lab/lab.js";
import type { Bench } from "./bench.js";
import { powerLoss } from "./blows.js";
import { strikeIn, withScene } from "./failover.js";
import { ours } from "./pairs/pair.js";
import { median } from "./statistics.js";
import { figureOf } from "./trial.js";

const pages = 20;

/** Milliseconds until all have what there is, and what was thrown away is given back. */
const settled = 10_000;

/** Pages that look at every node cost an agent little memory, and the switches no time. */
export const openPages: Bench = {
  name: "open-pages",
  summary: `what ${pages} open pages cost each agent in memory, and a power loss in time`,
  runs: 15,
  run: (options) =>
    withScene(ours, options, async (scene) => {
      const { lab } = scene;
      const { progress, signal } = options;
      const cost = async () =>
        (await strikeIn(scene, powerLoss, options)).map(({ cost: { address }, stalls }) => ({
          cost: address,
          stalls,
        }));
      progress("nobody looks");
      const before = await memories(lab);
      const alone = await cost();
      const looking = new AbortController();
      try {
        for (const { name } of lab.cluster.nodes)
          for (let page = 0; page < pages; page += 1)
            void look(lab, name, AbortSignal.any([looking.signal, signal]));
        await sleep(settled, undefined, { signal });
        progress(`${pages} pages look at each node`);
        const after = await memories(lab);
        const watched = await cost();
        const limit = ours.detection;
        const figures = [
          figureOf(alone, { name: "power loss, nobody looks (median)", of: median, atMost: null, limit }),
          figureOf(watched, { name: `power loss, ${pages} pages (median)`, of: median, atMost: null, limit }),
        ] as const;
        const more = [...after].map(([node, now]) => now - (before.get(node) ?? 0));
        return [
          {
            ...{ name: `agent's memory, ${pages} pages`, unit: "MB", atMost: 30, figure: Math.max(...more) },
            detail: [...before].map(([node, was]) => `${node} ${was.toFixed(1)} before`).join(", "),
          },
          ...figures,
          {
            ...{ name: "power loss, with pages / without", unit: "x", atMost: 1.1 },
            figure: figures[1].figure / figures[0].figure,
            detail: "medians of the same run",
          },
        ];
      } finally {
        looking.abort();
      }
    }),
};

/** As a page does: it hears all, and asks again whenever the agent was away. */
async function look(lab: Lab, node: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const client = await clientOf(lab, node);
    try {
      for await (const _ of client?.events("live", {}, signal) ?? []) if (signal.aborted) break;
    } catch {
      // It is off.
    } finally {
      client?.close();
    }
    await sleep(500);
  }
}

async function clientOf(lab: Lab, node: string): Promise<AgentClient | undefined> {
  const agents = await agentsOfLab(lab);
  for (const other of agents) if (other.node !== node) other.client.close();
  return agents.find((each) => each.node === node)?.client;
}

/** Resident, in MB. */
async function memories(lab: Lab): Promise<Map<string, number>> {
  const each = lab.cluster.nodes.map(async ({ name }): Promise<[string, number]> => {
    const client = await clientOf(lab, name);
    const text = (await client?.call("metrics", {}, { timeout: 5_000 })) ?? "";
    client?.close();
    return [name, Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]) / 1e6];
  });
  return new Map(await Promise.all(each));
}
