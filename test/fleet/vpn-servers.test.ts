import { describe, expect, test } from "vitest";
import { bothText, FleetInMemory, grown, joined, pairText, vpnText } from "./fleet-in-memory.js";

const alone = async () => {
  const fleet = await FleetInMemory.of("vpn-a", "vpn-b");
  return { fleet, first: await fleet.apply({ topology: vpnText }, "vpn-a") };
};

const mixed = () => FleetInMemory.running(bothText, "lb-a", "lb-b", "vpn-a", "vpn-b");

describe("VPN servers alone", () => {
  test("take a topology all or none, one after the other", async () => {
    const { fleet, first } = await alone();
    expect(first.said.slice(2)).toEqual(["committed vpn-a", "healthy vpn-a", "committed vpn-b"]);
    expect(first.outcome).toMatchObject({ outcome: "kept", nodes: ["vpn-a", "vpn-b"], trouble: [] });
    expect(await fleet.numbers()).toEqual([1, 1]);
    expect([...fleet.node("vpn-b").host.running.keys()].sort()).toEqual([
      "bird",
      "holdfast-agent",
      "openvpn-server@overlay",
      "openvpn-server@overlay-backbone0",
    ]);
  });

  test("stay as they were, all of them, where one refuses its files", async () => {
    const { fleet } = await alone();
    const before = fleet.states();
    fleet.node("vpn-b").host.refused = "lport 1195";
    const text = vpnText.replaceAll("      backbone: ", "      port: 1195\n      backbone: ");
    const { outcome, said } = await fleet.apply({ topology: text }, "vpn-a");
    expect(outcome.outcome).toBe("undone");
    expect(said).toContain("refused vpn-b");
    expect(fleet.states()).toEqual(before);
  });

  test("go back by themselves when one does not come up, and the first of them with its old file", async () => {
    const { fleet } = await alone();
    const before = fleet.states();
    let failures = 0;
    fleet.node("vpn-b").host.faults.service = (action, name) =>
      action === "restart" && name === "openvpn-server@overlay" && failures++ === 0;
    const text = vpnText.replaceAll("      backbone: ", "      port: 1195\n      backbone: ");
    const { outcome } = await fleet.apply({ topology: text }, "vpn-a");
    expect(outcome.outcome).toBe("undone");
    expect(fleet.states()).toEqual(before);
  });

  test("have nothing to move", async () => {
    const { fleet } = await alone();
    const { loadTopology } = await import("../../src/topology/load.js");
    fleet.cluster = loadTopology(vpnText).cluster;
    await expect(fleet.office("vpn-a").switchover({ to: null, force: false }, "anna")).rejects.toThrow(
      "cluster campus has no load balancers: there is nothing to move",
    );
    await expect(
      fleet.office("vpn-a").maintenance({ node: "vpn-b", on: true, force: false }, "anna"),
    ).rejects.toThrow("there is no node vpn-b");
  });
});

describe("VPN servers beside load balancers", () => {
  test("are committed first, and the active node last", async () => {
    const fleet = await mixed();
    const { said, outcome } = await fleet.apply({ topology: joined(grown(bothText)) });
    expect(said.filter((word) => word.startsWith("committed"))).toEqual([
      "committed vpn-a",
      "committed vpn-b",
      "committed lb-b",
      "committed lb-a",
    ]);
    expect(said.at(-1)).toBe("answers lb-a");
    expect(outcome.outcome).toBe("kept");
    expect(await fleet.numbers()).toEqual([2, 2, 2, 2]);
  });

  test("may be asked for a change of all", async () => {
    const fleet = await mixed();
    expect((await fleet.apply({ topology: joined(bothText) }, "vpn-b")).outcome.outcome).toBe("kept");
    expect(await fleet.numbers()).toEqual([2, 2, 2, 2]);
  });

  test("hold a change up that they cannot be reached for, which leaves everything as it is", async () => {
    const fleet = await mixed();
    fleet.silent.add("vpn-b");
    await expect(fleet.begin({ topology: joined(bothText) })).rejects.toThrow(
      "'--without vpn-b' leaves it out",
    );
    expect(await fleet.numbers()).toEqual([1, 1, 1, 1]);
    const { outcome } = await fleet.apply({ topology: joined(bothText), without: ["vpn-b"] });
    expect(outcome).toMatchObject({ outcome: "kept", nodes: ["lb-a", "lb-b", "vpn-a"] });
  });

  test("are told that they are no part of a topology any more, and left alone", async () => {
    const fleet = await mixed();
    const { outcome } = await fleet.apply({ topology: pairText });
    expect(outcome.outcome).toBe("kept");
    expect(outcome.trouble.map((trouble) => trouble.split(":")[0])).toEqual([
      "vpn-a is no part of the topology any more and was left as it is",
      "vpn-b is no part of the topology any more and was left as it is",
    ]);
    expect(await fleet.numbers()).toEqual([2, 2, 1, 1]);
  });

  test("join a pair that runs already", async () => {
    const fleet = await FleetInMemory.running(pairText, "lb-a", "lb-b", "vpn-a", "vpn-b");
    const { outcome } = await fleet.apply({ topology: bothText });
    expect(outcome).toMatchObject({ outcome: "kept", nodes: ["lb-a", "lb-b", "vpn-a", "vpn-b"] });
    expect(await fleet.numbers()).toEqual([2, 2, 2, 2]);
  });

  test("take no part in a switchover or a maintenance", async () => {
    const fleet = await mixed();
    fleet.node("vpn-a").standing = { ...fleet.node("vpn-a").standing, role: "down" };
    expect(await fleet.office("vpn-a").switchover({ to: null, force: false }, "anna")).toMatchObject({
      from: "lb-a",
      to: "lb-b",
    });
    expect(
      await fleet.office("lb-a").maintenance({ node: "lb-b", on: true, force: false }, "anna"),
    ).toMatchObject({ on: true });
  });
});
