import { afterAll, beforeAll, expect, test } from "vitest";
import { awaitMultiplexer } from "../../src/deploy/multiplexer.js";
import { defaultPatience } from "../../src/deploy/patience.js";
import { labDown } from "../../src/lab/down.js";
import type { Machine } from "../../src/lab/lab.js";
import { doorIn, doorsOf } from "../../src/render/multiplexer-doors.js";
import { multiplexerJson } from "../../src/render/multiplexer-json.js";
import { paths } from "../../src/render/paths.js";
import { inline } from "../deploy/topologies.js";
import { ensureBuilt, example, labFor } from "./topology.js";

const topology = example("pair", "multiplexer-test");
const name = "holdfast-multiplexer";
const root = { mode: 0o644, user: "root", group: "root" };
let machine: Machine;
let signal: (daemon: string) => Promise<number>;

beforeAll(async () => {
  ensureBuilt();
  const lab = await labFor(topology, { switches: 0 });
  machine = lab.machine("lb-a");
  signal = (daemon) => lab.faults.signal("lb-a", daemon, "SIGKILL");
});
afterAll(() => labDown(topology.cluster.name));

const door = (server: string) => doorIn(doorsOf("openflow"), server);
const pid = async (daemon = name) => (await machine.host.services.status(daemon)).pid;

/** As an apply would: the file, what the service is told, and until every server has its socket. */
async function serves(servers: number, told: "start" | "reload"): Promise<void> {
  const body = multiplexerJson(inline(servers)) ?? "";
  const { host } = machine;
  await host.swap(await host.stage(paths.multiplexerJson, body, root), paths.multiplexerJson);
  await host.services[told](name);
  await awaitMultiplexer(host, body, defaultPatience);
}

test("the multiplexer of a node lives as its unit has it: beside the agent, and through changes", async () => {
  const { host } = machine;
  await serves(1, "start");
  // As on a real machine, where the unit has it made; an audit stands there.
  expect(await host.status("/var/log/holdfast")).not.toBeNull();
  expect(await host.status(door("c1"))).toMatchObject({ mode: 0o660, user: "root", group: "haproxy" });
  const first = await pid();
  await serves(2, "reload");
  expect(await pid()).toBe(first);

  const agent = await pid("holdfast-agent");
  await signal("holdfast-agent");
  await expect
    .poll(async () => [null, agent].includes(await pid("holdfast-agent")), { timeout: 20_000 })
    .toBe(false);
  expect(await pid()).toBe(first);

  await signal(name);
  await expect.poll(async () => [null, first].includes(await pid()), { timeout: 20_000 }).toBe(false);
  // What the one before left gives way.
  await awaitMultiplexer(host, multiplexerJson(inline(2)) ?? "", defaultPatience);

  await host.services.stop(name);
  expect(await host.status(door("c1"))).toBeNull();
});
