import { expect, test } from "vitest";
import { originPath } from "../../src/deploy/origin.js";
import { lookAtRemoval, remove } from "../../src/deploy/remove.js";
import { paths } from "../../src/render/paths.js";
import { commitFor, deploy } from "./deploying.js";
import { NodeInMemory } from "./node-in-memory.js";
import { grown, pair } from "./topologies.js";

const theirs = "global\n    # somebody else's\n";

/** A machine on which somebody had a HAProxy, and a kernel of his own making. */
function machine(): NodeInMemory {
  const node = new NodeInMemory("lb-a");
  node.put(paths.haproxyCfg, theirs, { mode: 0o604, user: "haproxy", group: "root" });
  node.running.set("haproxy", { pid: 77, restarts: 0 });
  node.loaded.set("haproxy", theirs);
  node.settings.set("net.ipv4.conf.eth1.rp_filter", "1");
  node.mtus.set("eth2", 1480);
  return node;
}

/** What a removal is to bring back; history stays until the package is purged. */
function lasting(node: NodeInMemory) {
  const { files, servers: _, ...rest } = node.state();
  const outside = Object.entries(files).filter(([path]) => !path.startsWith(paths.stateDir));
  return { ...rest, files: Object.fromEntries(outside) };
}

test("a machine is as before the first apply, however many came after it", async () => {
  const node = machine();
  const before = lasting(node);
  await deploy(node, pair);
  await deploy(node, grown);
  await deploy(node, pair);
  expect(await node.read(paths.haproxyCfg)).not.toBe(theirs);
  expect(await remove(node)).toEqual([]);
  // What the kernel tells only once it tracks is put to what it does by itself.
  const { settings, enabled, ...after } = lasting(node);
  expect(after).toEqual({ ...before, settings: undefined, enabled: undefined });
  expect(settings).toMatchObject({ "net.ipv4.conf.eth1.rp_filter": "1" });
  expect(settings).not.toHaveProperty("net.ipv4.ip_forward");
  expect(enabled).not.toContain("holdfast-network");
  expect(await lookAtRemoval(node)).toBeNull();
});

test("keepalived ends before HAProxy does, and the agent before both", async () => {
  const node = machine();
  await deploy(node, pair);
  node.told.length = 0;
  await remove(node);
  const stops = node.told.filter((told) => told.startsWith("stop "));
  expect(stops.slice(0, 3)).toEqual(["stop holdfast-agent", "stop keepalived", "stop haproxy"]);
});

test("a change on trial goes back first", async () => {
  const node = machine();
  await deploy(node, pair);
  await commitFor(node, grown);
  expect(await remove(node)).toEqual([]);
  expect(await node.read(paths.haproxyCfg)).toBe(theirs);
  expect(node.mtus.get("eth2")).toBe(1480);
});

test("what cannot be put back is named, and everything else goes on", async () => {
  const node = machine();
  await deploy(node, pair);
  node.faults.swap = (path) => path === paths.haproxyCfg;
  const left = await remove(node);
  expect(left).toHaveLength(1);
  expect(left[0]).toContain(paths.haproxyCfg);
  expect(node.netfilter[4].save()).not.toContain("HOLDFAST");
  expect(await node.status(paths.keepalivedConf)).toBeNull();
  expect(await node.read(originPath)).not.toBeNull();
});

test("after a removal the machine that is found is the one that is put back", async () => {
  const node = machine();
  await deploy(node, pair);
  await remove(node);
  node.put(paths.haproxyCfg, "global\n    # newer\n");
  await deploy(node, pair);
  await remove(node);
  expect(await node.read(paths.haproxyCfg)).toBe("global\n    # newer\n");
});

test("a generation of before such things were noted goes too, and says what is lost", async () => {
  const node = machine();
  await deploy(node, pair);
  await node.remove(originPath);
  await deploy(node, grown);
  expect(await lookAtRemoval(node)).toMatchObject({
    lost: [paths.conntrackdConf, paths.haproxyCfg].reverse(),
  });
  expect(await remove(node)).toEqual([]);
  expect(await node.status(paths.haproxyCfg)).toBeNull();
});

test("without a topology there is nothing to remove", async () => {
  const node = machine();
  const before = node.state();
  expect(await lookAtRemoval(node)).toBeNull();
  expect(await remove(node)).toEqual([]);
  expect(node.state()).toEqual(before);
});
