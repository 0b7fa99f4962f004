import { describe, expect, test } from "vitest";
import { generationPaths } from "../../src/deploy/generation.js";
import { readHistory } from "../../src/deploy/history.js";
import { CatchUp } from "../../src/fleet/catch-up.js";
import type { Sighted } from "../../src/fleet/catch-up-decision.js";
import { outOfService } from "../../src/fleet/maintenance.js";
import { MaintenanceBook } from "../../src/fleet/maintenance-book.js";
import { meetAll } from "../../src/fleet/maintenance-round.js";
import { observeDrift } from "../../src/observe/drift.js";
import { FleetInMemory, grown, pairText, slower } from "./fleet-in-memory.js";

/** lb-b was away while lb-a took two changes. */
async function left(changes: { maintenance?: boolean; version?: string; heard?: Sighted["heard"] } = {}) {
  const fleet = await FleetInMemory.running(pairText, "lb-a", "lb-b");
  await fleet.apply({ topology: slower(pairText), without: ["lb-b"] });
  await fleet.apply({ topology: grown(pairText), without: ["lb-b"], message: "add c9" });
  const own = fleet.node("lb-b");
  const unsettled: (string | null)[] = [];
  const told: string[] = [];
  const catchUp = new CatchUp({
    programVersion: changes.version ?? own.programVersion,
    own: fleet.member("lb-b"),
    render: own.render,
    peers: () => fleet.peersOf("lb-b"),
    heard: () => changes.heard ?? [],
    inMaintenance: () => changes.maintenance === true,
    meet: async () => undefined,
    unsettled: (why) => unsettled.push(why),
    tell: (text) => told.push(text),
  });
  return { fleet, own, catchUp, unsettled, told };
}

describe("a node that was away during an apply", () => {
  test("settles from its peer, and is unsettled until then", async () => {
    const { fleet, own, catchUp, unsettled, told } = await left();
    expect(await fleet.numbers()).toEqual([3, 1]);
    expect(await catchUp.once()).toBeNull();
    expect(await fleet.numbers()).toEqual([3, 3]);
    expect((await fleet.member("lb-b").survey()).current).toEqual(
      (await fleet.member("lb-a").survey()).current,
    );
    expect(own.host.bodies()["/etc/haproxy/haproxy.cfg"]).toContain("10.0.2.19");
    expect(unsettled).toEqual(["catches up to generation 3", null]);
    expect(told).toEqual(["caught up to generation 3 of anna"]);
    expect(await catchUp.once()).toBeNull();
  });

  test("is not unsettled on account of its peers while it is in the middle of a change itself", async () => {
    const { fleet, own, unsettled, told } = await left();
    const member = fleet.member("lb-b");
    const record = await fleet.member("lb-a").record();
    if (record === null) throw new Error("lb-a took part in a change");
    const catchUp = new CatchUp({
      programVersion: own.programVersion,
      own: Object.assign(Object.create(member) as typeof member, {
        survey: async () => ({ ...(await member.survey()), record: { ...record, phase: "deciding" } }),
      }),
      render: own.render,
      peers: () => fleet.peersOf("lb-b"),
      heard: () => [],
      inMaintenance: () => false,
      meet: async () => undefined,
      unsettled: (why) => unsettled.push(why),
      tell: (text) => told.push(text),
    });
    expect(await catchUp.once()).toBeNull();
    expect(unsettled).toEqual([null]);
    expect(await fleet.numbers()).toEqual([3, 1]);
  });

  test("hears that it was taken out of service meanwhile before it counts as settled", async () => {
    const fleet = await FleetInMemory.running(pairText, "lb-a", "lb-b");
    fleet.silent.add("lb-b");
    await fleet.office("lb-a").maintenance({ node: "lb-b", on: true, force: false }, "anna");
    fleet.silent.clear();
    const own = fleet.member("lb-b");
    const book = await MaintenanceBook.open(fleet.node("lb-b").host, () => undefined);
    const knownWhenSettled: string[][] = [];
    const catchUp = new CatchUp({
      programVersion: fleet.node("lb-b").programVersion,
      own,
      render: fleet.node("lb-b").render,
      peers: () => fleet.peersOf("lb-b"),
      heard: () => [],
      inMaintenance: () => outOfService(book.notes).includes("lb-b"),
      meet: () => meetAll(book, fleet.peersOf("lb-b")),
      unsettled: (why) => why === null && knownWhenSettled.push(outOfService(book.notes)),
      tell: () => undefined,
    });
    await catchUp.once();
    expect(knownWhenSettled).toEqual([["lb-b"]]);
  });

  test("takes part in the next change as if it had never been away", async () => {
    const { fleet, catchUp } = await left();
    await catchUp.once();
    const { outcome } = await fleet.apply({ topology: pairText });
    expect(outcome).toMatchObject({ outcome: "kept", generation: { number: 4 }, nodes: ["lb-a", "lb-b"] });
  });

  test("stays as it is when its engines refuse, says why, and stays unsettled", async () => {
    const { fleet, own, catchUp, unsettled } = await left();
    const before = own.state();
    own.host.refused = "10.0.2.19";
    await expect(catchUp.once()).rejects.toThrow("haproxy refuses");
    expect(unsettled.at(-1)).toMatch(/generation 3 could not be caught up: lb-b: haproxy refuses/);
    expect(own.state()).toEqual(before);
    own.host.refused = null;
    await catchUp.once();
    expect(await fleet.numbers()).toEqual([3, 3]);
  });

  test("is left alone in maintenance, and with another version of the program", async () => {
    const { fleet, catchUp, unsettled } = await left({ maintenance: true });
    expect(await catchUp.once()).toMatch("in maintenance");
    const other = await left({ version: "other" });
    expect(await other.catchUp.once()).toMatch("one version on all nodes and apply again");
    expect([unsettled.length, (await fleet.numbers())[1]]).toEqual([1, 1]);
  });

  test("is left alone, and says so, when the topology does not name it any more", async () => {
    const { fleet, catchUp, unsettled } = await left();
    const renamed = pairText.replace("name: lb-b", "name: lb-z");
    fleet.silent.add("lb-z");
    fleet.members.set("lb-z", fleet.member("lb-b"));
    await fleet.apply({ topology: renamed, without: ["lb-z"] });
    fleet.members.delete("lb-z");
    await expect(catchUp.once()).rejects.toThrow("lb-b is no machine of this topology");
    expect(unsettled.at(-1)).toMatch("lb-b is no machine of this topology");
  });

  test("is not settled while a peer that runs a newer generation is heard and does not answer", async () => {
    const { fleet, catchUp, unsettled } = await left({
      heard: [{ node: "lb-a", generation: { number: 3, digest: "3a" } }],
    });
    fleet.silent.add("lb-a");
    expect(await catchUp.once()).toMatch("lb-a runs generation 3, this node 1");
    expect(unsettled).toEqual([expect.stringContaining("does not answer")]);
    fleet.silent.clear();
    expect(await catchUp.once()).toBeNull();
    expect(await fleet.numbers()).toEqual([3, 3]);
  });

  test("counts as settled while no peer answers: then nobody else could serve either", async () => {
    const { fleet, catchUp, unsettled } = await left();
    fleet.silent.add("lb-a");
    expect(await catchUp.once()).toBeNull();
    expect(unsettled).toEqual([null]);
  });

  test("writes a damaged manifest anew from what its peers keep", async () => {
    const { fleet, own, catchUp } = await left();
    await catchUp.once();
    own.host.put(`${await own.host.linked(generationPaths.current)}/manifest.json`, "{");
    expect(await fleet.numbers()).toEqual([3, null]);
    await catchUp.once();
    expect(await fleet.numbers()).toEqual([3, 3]);
  });

  test("does it by itself once it starts", async () => {
    const { fleet, catchUp, unsettled } = await left();
    catchUp.start();
    await expect.poll(() => unsettled.at(-1)).toBeNull();
    catchUp.stop();
    expect(unsettled[0]).toBe("the peers have not been asked yet");
    expect(await fleet.numbers()).toEqual([3, 3]);
  });
});

test("two nodes that gave one number twice end on one generation, in files and history, and no drift is left", async () => {
  const fleet = await FleetInMemory.running(pairText, "lb-a", "lb-b");
  fleet.silent.add("lb-b");
  await fleet.apply({ topology: slower(pairText), without: ["lb-b"] }, "lb-a");
  fleet.silent.clear();
  fleet.silent.add("lb-a");
  await fleet.apply({ topology: grown(pairText), without: ["lb-a"] }, "lb-b");
  fleet.silent.clear();
  const current = async (name: string) => (await fleet.member(name).survey()).current;
  expect(await fleet.numbers()).toEqual([2, 2]);
  expect(await current("lb-a")).not.toEqual(await current("lb-b"));

  const told: string[] = [];
  for (const name of ["lb-a", "lb-b"]) {
    const own = fleet.node(name);
    const catchUp = new CatchUp({
      programVersion: own.programVersion,
      own: fleet.member(name),
      render: own.render,
      peers: () => fleet.peersOf(name),
      heard: () => [],
      inMaintenance: () => false,
      meet: async () => undefined,
      unsettled: () => undefined,
      tell: (text) => told.push(text),
    });
    for (let look = 0; look < 3; look++) expect(await catchUp.once()).toBeNull();
  }
  expect(told).toEqual(["caught up to generation 2 of anna"]);
  expect(await current("lb-a")).toEqual(await current("lb-b"));
  for (const name of ["lb-a", "lb-b"]) {
    const { host } = fleet.node(name);
    expect((await observeDrift(host)).filter(({ kind }) => kind === "file")).toEqual([]);
    expect((await readHistory(host)).entries.map(({ number }) => number)).toEqual([2, 1]);
  }
});

test("of two generations with one number the one that could not be caught up leaves the own as it was", async () => {
  const fleet = await FleetInMemory.running(pairText, "lb-a", "lb-b");
  const member = fleet.member("lb-b");
  const before = fleet.node("lb-b").state();
  const topology = slower(pairText);
  const { digest } = await fleet.node("lb-b").render(topology);
  const proposal = {
    id: "rival",
    coordinator: "lb-b",
    participants: ["lb-b"],
    without: [],
    generation: { number: 1, digest },
    author: "anna",
    message: "",
    plans: null,
    confirmTimeout: null,
    patience: 3_000,
  };
  await member.prepare(proposal, topology);
  await member.commit("rival");
  expect((await member.kept())?.topology).toBe(pairText);
  await member.decide("rival", "abort");
  expect(fleet.node("lb-b").state()).toEqual(before);
});
