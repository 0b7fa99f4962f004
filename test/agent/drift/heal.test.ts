import { beforeEach, expect, test } from "vitest";
import type { Drifted } from "../../../src/agent/drift/drift-ledger.js";
import { Healer } from "../../../src/agent/drift/heal.js";
import { generationPaths } from "../../../src/deploy/generation.js";
import { LockError } from "../../../src/host/lock.js";
import { observeDrift } from "../../../src/observe/drift.js";
import { type KeptGeneration, readKept } from "../../../src/observe/kept-generation.js";
import { paths } from "../../../src/render/paths.js";
import { deploy } from "../../deploy/deploying.js";
import { NodeInMemory } from "../../deploy/node-in-memory.js";
import { pair } from "../../deploy/topologies.js";

let node: NodeInMemory;
let kept: KeptGeneration;
let told: string[];
let healer: Healer;
const since = "2026-01-01T00:00:00.000Z";
const items = async (): Promise<Drifted[]> =>
  (await observeDrift(node)).map((deviation) => ({ ...deviation, since }));

beforeEach(async () => {
  node = new NodeInMemory("lb-a");
  await deploy(node, pair);
  const read = await readKept(node);
  if (read === null) throw new Error("no generation");
  kept = read;
  told = [];
  healer = new Healer(node, {
    restored: ({ what }) => told.push(`restored ${what}`),
    gaveUp: ({ what }, why) => told.push(`gave up ${what}: ${why}`),
  });
});

test("files come back byte for byte with mode and owner, before what is loaded from them", async () => {
  const before = node.state();
  node.files.delete(paths.routes);
  node.put(paths.sysctl, "net/ipv4/ip_forward = 0\n");
  node.settings.set("net.ipv4.ip_forward", "0");
  expect(await healer.heal(kept, await items())).toBe(0);
  expect(told).toEqual([
    `restored ${paths.routes}`,
    `restored ${paths.sysctl}`,
    "restored net.ipv4.ip_forward",
  ]);
  expect(node.state()).toEqual(before);
});

test("what cannot be put back is tried three times, then told once with the reason", async () => {
  node.files.delete(paths.routes);
  node.faults.swap = (path) => path === paths.routes;
  for (let look = 0; look < 6; look++) await healer.heal(kept, await items());
  expect(told).toEqual([`gave up ${paths.routes}: ${paths.routes}: no space left on device`]);
});

test("what an edited copy in the generation says is never put in place", async () => {
  const copy = node.files.get(`${await node.linked(generationPaths.current)}/files${paths.haproxyCfg}`);
  if (copy) copy.body = "evil";
  node.put(paths.haproxyCfg, "mine");
  const touched = await readKept(node);
  if (touched === null) throw new Error("no generation");
  await healer.heal(touched, await items());
  expect(node.files.get(paths.haproxyCfg)?.body).toBe("mine");
});

test("nothing is put back while somebody else holds the machine's lock, and nothing is counted", async () => {
  node.files.delete(paths.routes);
  const lock = node.lock.bind(node);
  node.lock = () => Promise.reject(new LockError("another holdfast command is at work there"));
  for (let look = 0; look < 5; look++) expect(await healer.heal(kept, await items())).toBe(5_000);
  node.lock = lock;
  expect(await healer.heal(kept, await items())).toBe(0);
  expect(told).toEqual([`restored ${paths.routes}`]);
});
