import { describe, expect, test } from "vitest";
import { CatchUp } from "../../src/fleet/catch-up.js";
import { FleetInMemory, grown, pairText, slower } from "./fleet-in-memory.js";

/** lb-b was away while lb-a took two changes. */
async function left(changes: { maintenance?: boolean; version?: string } = {}) {
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
    inMaintenance: () => changes.maintenance === true,
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
      inMaintenance: () => false,
      unsettled: (why) => unsettled.push(why),
      tell: (text) => told.push(text),
    });
    expect(await catchUp.once()).toBeNull();
    expect(unsettled).toEqual([null]);
    expect(await fleet.numbers()).toEqual([3, 1]);
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
    expect(await other.catchUp.once()).toMatch("install the same version here");
    expect([unsettled.length, (await fleet.numbers())[1]]).toEqual([1, 1]);
  });

  test("is left alone, and says so, when the topology does not name it any more", async () => {
    const { fleet, catchUp, unsettled } = await left();
    const renamed = pairText.replace("name: lb-b", "name: lb-z");
    fleet.silent.add("lb-z");
    fleet.members.set("lb-z", fleet.member("lb-b"));
    await fleet.apply({ topology: renamed, without: ["lb-z"] });
    fleet.members.delete("lb-z");
    await expect(catchUp.once()).rejects.toThrow("lb-b is no node of this topology");
    expect(unsettled.at(-1)).toMatch("lb-b is no node of this topology");
  });

  test("counts as settled while no peer answers: then nobody else could serve either", async () => {
    const { fleet, catchUp, unsettled } = await left();
    fleet.silent.add("lb-a");
    expect(await catchUp.once()).toBeNull();
    expect(unsettled).toEqual([null]);
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
