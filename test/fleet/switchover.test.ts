import { describe, expect, test } from "vitest";
import type { SwitchoverRequest } from "../../src/fleet/switchover-desk.js";
import { FleetInMemory, grown, pairText, threeText } from "./fleet-in-memory.js";

const pair = () => FleetInMemory.running(pairText, "lb-a", "lb-b");
const asked = { to: null, force: false };

describe("a switchover", () => {
  test.each(["lb-a", "lb-b"])(
    "asked of %s is carried out and measured by the node that takes over",
    async (at) => {
      const fleet = await pair();
      const answer = await fleet.office(at).switchover(asked, "anna");
      expect(answer).toEqual({
        from: "lb-a",
        to: "lb-b",
        at: "2026-11-03T14:02:00.000Z",
        gap: 4,
        verdict: "within the 52 ms that were expected",
      });
      expect(fleet.node("lb-b").moved).toEqual(["take over from lb-a"]);
    },
  );

  test("to a less preferred node has those before it stand aside", async () => {
    const fleet = await FleetInMemory.running(threeText, "lb-a", "lb-b", "lb-c");
    await fleet.office("lb-a").switchover({ to: "lb-c", force: false }, "anna");
    expect(fleet.node("lb-c").moved).toEqual(["take over from lb-b, lb-a"]);
  });

  test("tells what is worth knowing although it stands in nobody's way", async () => {
    const fleet = await pair();
    fleet.node("lb-b").standing = { ...fleet.node("lb-b").standing, drifts: ["/etc/x was changed by hand"] };
    const { verdict } = await fleet.office("lb-a").switchover(asked, "anna");
    expect(verdict).toMatch(/; lb-b differs from its generation: \/etc\/x was changed by hand/);
  });
});

describe("a switchover is refused, and nothing is moved,", () => {
  const refused = async (
    fleet: FleetInMemory,
    why: RegExp,
    request: SwitchoverRequest = { to: "lb-b", force: false },
  ) => {
    await expect(fleet.office("lb-a").switchover(request, "anna")).rejects.toThrow(why);
    expect(fleet.node("lb-b").moved).toEqual([]);
  };

  test("when the target is not fit, or does not answer", async () => {
    const fleet = await pair();
    fleet.node("lb-b").standing = { ...fleet.node("lb-b").standing, agent: { faults: ["haproxy-gone"] } };
    await refused(fleet, /lb-b is not ready/);
    fleet.silent.add("lb-b");
    await refused(fleet, /lb-b is not ready/);
  });

  test("with the reason, when the standby was taken out of service", async () => {
    const fleet = await pair();
    fleet.node("lb-b").standing = { ...fleet.node("lb-b").standing, role: "fault" };
    await fleet.office("lb-a").maintenance({ node: "lb-b", on: true, force: true }, "anna");
    await refused(fleet, /lb-b is not ready: it is in maintenance; ready to take over: none/);
    await refused(fleet, /no standby is ready \(lb-b: it is in maintenance\)/, { to: null, force: false });
  });

  test("when the target runs another generation", async () => {
    const fleet = await pair();
    await fleet.apply({ topology: grown(pairText), without: ["lb-b"] });
    await refused(fleet, /lb-a runs generation 2 and lb-b 1: nothing was moved; --force moves all the same/);
  });

  test("with the reason, when the target does not hold the active node's sessions", async () => {
    const fleet = await pair();
    const why = "nothing arrives from the peers' conntrackd for 9 s";
    fleet.node("lb-b").standing = { ...fleet.node("lb-b").standing, report: { sync: { why } } };
    await refused(
      fleet,
      /lb-b does not hold the sessions of lb-a \(nothing arrives .* for 9 s\): nothing was/,
    );
  });

  test("while a generation is on trial", async () => {
    const fleet = await pair();
    await fleet.apply({ topology: grown(pairText), confirmTimeout: 60_000 });
    await refused(fleet, /on trial until/);
  });

  test("but not when it is forced", async () => {
    const fleet = await pair();
    await fleet.apply({ topology: grown(pairText), without: ["lb-b"] });
    fleet.node("lb-b").standing = { ...fleet.node("lb-b").standing, agent: { faults: ["haproxy-gone"] } };
    await fleet.office("lb-a").switchover({ to: "lb-b", force: true }, "anna");
    expect(fleet.node("lb-b").moved).toEqual(["take over from lb-a"]);
  });
});
