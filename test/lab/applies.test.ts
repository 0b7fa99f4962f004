import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseProcesses } from "../../src/deploy/haproxy.js";
import type { SessionLine } from "../../src/drill/probe/session-line.js";
import { type Probe, sessionProbe } from "../../src/drill/probes.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab, LabProcess } from "../../src/lab/lab.js";
import { paths } from "../../src/render/paths.js";
import { isThorough } from "../thorough.js";
import { agentsOf, applyTo } from "./applying.js";
import { everydayTopology, everything, nextDay, numbers, withoutPassing } from "./random-applies.js";
import { ensureBuilt, labFor } from "./topology.js";

const name = "lab-applies";
const seed = Number(process.env.HOLDFAST_SEED ?? Date.now() % 1_000_000);
const wanted = { applies: isThorough ? 50 : 6, perSecond: 200, openflowSessions: 100, natSessions: 20 };
const controllerIp = "10.0.1.100";
const first = everydayTopology(name, everything);
const nodes = first.cluster.nodes.map((node) => node.name);

let lab: Lab;

beforeAll(async () => {
  ensureBuilt();
  lab = await labFor(first, { switches: 0 });
});
afterAll(async () => void (await labDown(name)));

/** What an apply has to leave alone, as the engines themselves tell it. */
const lasting = () =>
  Promise.all(
    nodes.map(async (node) => {
      const { host } = lab.machine(node);
      const log = (await host.read("/run/log/keepalived.log")) ?? "";
      return {
        haproxy: parseProcesses(await host.ask(paths.haproxyMaster, "show proc\n")),
        keepalived: await host.read("/run/keepalived.pid"),
        roles: log.match(/Entering \w+ STATE/g),
      };
    }),
  );

/** Addresses from which load comes, put on a client's machine beside its own. */
async function sources(client: string): Promise<string[]> {
  const addresses = Array.from({ length: 24 }, (_, index) => `10.0.1.${150 + index}`);
  const batch = addresses.map((address) => `address add ${address}/24 dev eth1\n`).join("");
  const { exitCode, stderr } = await lab.machine(client).exec(["ip", "-batch", "-"], { stdin: batch });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return addresses;
}

const steadyLoad = async (port: number, greeting: string, perSecond: number, from: readonly string[]) => {
  const program = fileURLToPath(new URL("steady-load.mjs", import.meta.url));
  const to = [controllerIp, String(port), greeting, String(perSecond), from.join()];
  return lab.machine("client-switches").spawn([process.execPath, program, ...to]);
};

const result = async (load: LabProcess): Promise<{ opened: number; failed: string[] }> => {
  process.kill(load.pid, "SIGTERM");
  return JSON.parse((await load.ended).stdout);
};

const held = async (port: number, greeting: "openflow" | "echo", sessions: number) => {
  const probe = { address: controllerIp, port, greeting, interval: 2_000, sessions };
  const running = await sessionProbe(lab.machine("client-switches"), probe);
  const up = () => running.seen.filter(({ event }) => event === "up").length;
  await expect.poll(up, { timeout: 30_000 }).toBe(sessions);
  return running;
};

/** Ends a probe; sessions that were lost, and those whose last bytes came back. */
async function became({ seen, stop }: Probe<SessionLine>) {
  await stop();
  const lost = seen.filter(({ event }) => event === "down");
  const alive = seen.filter((line) => line.event === "sums" && line.answered > 0 && line.lost === 0);
  return { lost, alive: alive.length };
}

/** For the reader of a failure: why a node found fault with itself, and who became what. */
async function printMoves(): Promise<void> {
  for (const node of nodes) {
    const telling = ["grep", "-E", '"(fault|why|role|err|missing)":', "/run/log/holdfast-agent.log"];
    const { stdout } = await lab.machine(node).exec(telling);
    process.stderr.write(`${node}:\n${stdout}\n`);
  }
}

test(`${wanted.applies} applies in a row under load fail no connection, drop no session and change no role`, async ({
  onTestFailed,
}) => {
  onTestFailed(printMoves);
  console.log(`HOLDFAST_SEED=${seed}`);
  const random = numbers(seed);
  const agents = agentsOf(lab);
  const from = await sources("client-switches");
  let everyday = withoutPassing(everything);
  await applyTo(agents, everydayTopology(name, everyday));
  const switches = await held(6653, "openflow", wanted.openflowSessions);
  const devices = await held(7000, "echo", wanted.natSessions);
  const before = await lasting();
  const load = await steadyLoad(6653, "openflow", wanted.perSecond, from);
  const natLoad = await steadyLoad(7000, "echo", 20, from);
  const began = performance.now();

  for (let apply = 1; apply <= wanted.applies; apply++) {
    everyday = nextDay(everyday, random);
    const { outcome, told } = await applyTo(agents, everydayTopology(name, everyday));
    expect(outcome, `apply ${apply}: ${JSON.stringify(told)}`).toMatchObject({
      outcome: "kept",
      trouble: [],
    });
  }

  const seconds = (performance.now() - began) / 1_000;
  const [proxied, translated] = [await result(load), await result(natLoad)];
  const [idle, idleNat] = [await became(switches), await became(devices)];
  console.log(
    `${wanted.applies} applies in ${seconds.toFixed(0)} s; ${proxied.opened} + ${translated.opened} connections, ` +
      `${proxied.failed.length} + ${translated.failed.length} failed; sessions alive at the end: ` +
      `${idle.alive} of ${wanted.openflowSessions}, ${idleNat.alive} of ${wanted.natSessions}`,
  );
  expect.soft(await lasting()).toEqual(before);
  expect
    .soft({ proxied: proxied.failed, translated: translated.failed })
    .toEqual({ proxied: [], translated: [] });
  expect.soft(idle).toEqual({ lost: [], alive: wanted.openflowSessions });
  expect.soft(idleNat).toEqual({ lost: [], alive: wanted.natSessions });
  expect(proxied.opened).toBeGreaterThan((wanted.perSecond * seconds) / 2);
}, 600_000);
