import { describe, expect, test } from "vitest";
import type { Takeover } from "../../src/fleet/member.js";
import { FleetInMemory, grown, pairText, threeText } from "./fleet-in-memory.js";

const pair = () => FleetInMemory.running(pairText, "lb-a", "lb-b");
const three = () => FleetInMemory.running(threeText, "lb-a", "lb-b", "lb-c");
const standing = (fleet: FleetInMemory, name: string, more: object) => {
  fleet.node(name).standing = { ...fleet.node(name).standing, ...more };
};

describe("the check before a planned move", () => {
  const check = (fleet: FleetInMemory, at = "lb-a") => fleet.office(at).switchoverCheck();

  test.each(["lb-a", "lb-b"])(
    "asked of %s says that nothing speaks against it, and moves nothing",
    async (at) => {
      const fleet = await pair();
      expect(await check(fleet, at)).toEqual({
        from: "lb-a",
        expected: 52,
        targets: [{ to: "lb-b", obstacle: null, forceable: true, warning: null }],
      });
      expect(fleet.node("lb-b").moved).toEqual([]);
    },
  );

  test("says for each node what the move to it would be refused for, and whether force would move", async () => {
    const fleet = await three();
    standing(fleet, "lb-b", { agent: { faults: ["haproxy-gone"] } });
    fleet.silent.add("lb-c");
    const { targets } = await check(fleet);
    expect(targets).toEqual([
      {
        ...{ to: "lb-b", forceable: true, warning: null },
        obstacle: "lb-b is not ready: haproxy-gone; ready to take over: none",
      },
      {
        ...{ to: "lb-c", forceable: false, warning: null },
        obstacle: "lb-c is not ready: it does not answer; ready to take over: none",
      },
    ]);
  });

  test("has the move's own obstacles and warnings", async () => {
    const fleet = await pair();
    await fleet.apply({ topology: grown(pairText), confirmTimeout: 60_000 });
    standing(fleet, "lb-b", { drifts: ["/etc/x was changed by hand"] });
    const [target] = (await check(fleet)).targets;
    expect(target).toMatchObject({
      obstacle: expect.stringContaining("is on trial until"),
      forceable: true,
      warning: "lb-b differs from its generation: /etc/x was changed by hand",
    });
    await expect(fleet.office("lb-a").switchover({ to: "lb-b", force: false }, "anna")).rejects.toThrow(
      target?.obstacle ?? "",
    );
  });

  test("names nobody to move from where two are active, which force does not change", async () => {
    const fleet = await pair();
    standing(fleet, "lb-b", { role: "active" });
    expect(await check(fleet)).toMatchObject({
      from: null,
      targets: [
        { to: "lb-a", forceable: false, obstacle: expect.stringContaining("2 nodes are active") },
        { to: "lb-b", forceable: false },
      ],
    });
  });

  test("says that this agent is in the midst of a change", async () => {
    const fleet = await pair();
    const [peer] = fleet.peersOf("lb-a");
    if (peer === undefined) throw new Error("lb-a has no peer");
    const asked: { answer?: (takeover: Takeover) => void } = {};
    const takeOver = () =>
      new Promise<Takeover>((resolve) => {
        asked.answer = resolve;
      });
    fleet.remote.set(
      "lb-b",
      new Proxy(peer, { get: (of, key) => (key === "takeOver" ? takeOver : Reflect.get(of, key)) }),
    );
    const moving = fleet.office("lb-a").switchover({ to: null, force: false }, "anna");
    const [target] = (await check(fleet)).targets;
    expect(target).toMatchObject({
      obstacle: expect.stringContaining("the switchover of anna"),
      forceable: false,
    });
    await expect.poll(() => asked.answer).toBeDefined();
    asked.answer?.({ at: 0, gap: 4 });
    await moving;
    expect((await check(fleet)).targets[0]?.obstacle).toBeNull();
  });
});

describe("the check before a node is taken out of service", () => {
  const check = (fleet: FleetInMemory, at = "lb-a") => fleet.office(at).maintenanceCheck();

  test("says who takes over, and who is left", async () => {
    const fleet = await three();
    expect(await check(fleet, "lb-c")).toEqual([
      {
        ...{ node: "lb-a", in_maintenance: false, obstacle: null },
        ...{ takes_over: "lb-b", left: ["lb-b", "lb-c"] },
      },
      {
        ...{ node: "lb-b", in_maintenance: false, obstacle: null },
        ...{ takes_over: null, left: ["lb-a", "lb-c"] },
      },
      {
        ...{ node: "lb-c", in_maintenance: false, obstacle: null },
        ...{ takes_over: null, left: ["lb-a", "lb-b"] },
      },
    ]);
  });

  test("says what it will be refused for, and why nobody else could serve", async () => {
    const fleet = await pair();
    await fleet.office("lb-a").maintenance({ node: "lb-b", on: true, force: false }, "anna");
    const [first, second] = await check(fleet);
    expect(first).toEqual({
      ...{ node: "lb-a", in_maintenance: false, takes_over: null, left: [] },
      obstacle: "without lb-a nobody could serve (lb-b: it is in maintenance)",
    });
    expect(second).toMatchObject({ node: "lb-b", in_maintenance: true, left: ["lb-a"] });
    await expect(
      fleet.office("lb-a").maintenance({ node: "lb-a", on: true, force: false }, "anna"),
    ).rejects.toThrow(first?.obstacle ?? "");
  });

  test("does not count a node that is silent as one that is left", async () => {
    const fleet = await three();
    fleet.silent.add("lb-b");
    expect((await check(fleet))[0]).toMatchObject({ takes_over: "lb-c", left: ["lb-c"], obstacle: null });
  });
});
