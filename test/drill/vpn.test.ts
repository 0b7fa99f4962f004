import { describe, expect, test } from "vitest";
import { catalogue } from "../../src/drill/catalogue.js";
import { everyDrill, offeredTo } from "../../src/drill/offered.js";
import { replyFrom } from "../../src/drill/probe-log.js";
import { table } from "../../src/drill/report.js";
import { vpnCatalogue } from "../../src/drill/vpn/vpn-catalogue.js";
import {
  describeVpn,
  fateOf,
  mendVpn,
  movesHome,
  resolveVpn,
  takeVpn,
} from "../../src/drill/vpn/vpn-injection.js";
import { judgeVpn, type VpnMeasurement } from "../../src/drill/vpn/vpn-measurement.js";
import type { Sight, World } from "../../src/drill/vpn/world.js";
import type { Vpn } from "../../src/topology/cluster.js";
import { two, vpnOf } from "../topology/vpn-networks.js";
import { campus } from "./campus.js";

const vpn: Vpn = vpnOf(two);

const world = (): World => ({
  cuts: new Set(),
  servers: ["vpn-a", "vpn-b", "vpn-c"].map((name) => ({
    ...{ name, addresses: [], backbone: "", ranges: [], device: "tun0", on: true },
  })),
  clients: ["one", "two", "three", "guest"].map((name, index) => ({
    ...{ name, networks: [], behind: [], running: true },
    fixed: name === "guest" ? [] : [`10.100.200.${index}`],
  })),
});

const at = (servers: Readonly<Record<string, string>>): Sight => ({
  clients: new Map(Object.entries(servers).map(([name, server]) => [name, { server, addresses: [] }])),
  servers: new Map(),
  answered: new Map(),
});
const spread = at({ one: "vpn-b", two: "vpn-b", three: "vpn-c", guest: "vpn-a" });

describe("what is offered", () => {
  const names = (drills: readonly { readonly name: string }[]) => drills.map(({ name }) => name);

  test("names each drill once, as the command line takes it", () => {
    expect(new Set(names(everyDrill)).size).toBe(everyDrill.length);
    for (const name of names(everyDrill)) expect(name).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
  });

  test("is of load balancers, of VPN servers, or of both, as the topology has them", () => {
    const balancers = catalogue.filter(({ needs }) => needs?.(campus) ?? true);
    expect(offeredTo(campus)).toEqual(balancers);
    expect(offeredTo({ ...campus, nodes: [], vpn })).toEqual(vpnCatalogue);
    expect(offeredTo({ ...campus, vpn })).toEqual([...balancers, ...vpnCatalogue]);
  });

  test("has what it strikes: a cluster without witnesses cannot lose them", () => {
    const failover = { ...campus.failover, witnesses: [{ address: "10.0.2.11", network: "controllers" }] };
    expect(names(offeredTo(campus))).not.toContain("witness-lost");
    expect(names(offeredTo({ ...campus, failover }))).toContain("witness-lost");
  });

  test("waits longer than what it allows", () => {
    for (const { deadline, expect: expected } of vpnCatalogue) {
      expect(deadline).toBeGreaterThan(expected.rightWithin);
      expect(deadline).toBeGreaterThan(expected.struckSilentAtMost);
    }
  });
});

describe("a fault of VPN servers", () => {
  test("strikes where the clients with fixed addresses are", () => {
    const said = vpnCatalogue.map(({ vpnFault }) => {
      const injection = resolveVpn(vpnFault, world(), spread);
      return "refused" in injection ? injection.refused : describeVpn(injection);
    });
    expect(said).toEqual([
      "vpn-b off",
      "vpn-b - vpn-c cut",
      "vpn-b - vpn-c whole again",
      "3 clients move",
      "one -> vpn-c",
      "vpn-b announces 0.0.0.0/0",
    ]);
  });

  test("between two servers needs clients on two", () => {
    const together = at({ one: "vpn-b", two: "vpn-b", three: "vpn-b" });
    expect(resolveVpn({ kind: "cut" }, world(), together)).toEqual({
      refused: "all clients with a fixed address are on vpn-b",
    });
  });

  test("finds each client where it began, in turn on all servers", () => {
    const begun = at({ one: "vpn-a", two: "vpn-b", three: "vpn-c", guest: "vpn-a" });
    expect(movesHome(world(), begun)).toEqual([]);
    expect(movesHome(world(), spread)).toEqual([{ client: "one", server: "vpn-a" }]);
    expect(movesHome(world(), at({ two: "vpn-a" }))).toHaveLength(4);
  });

  test("is true of the world until it is mended", () => {
    for (const { vpnFault } of vpnCatalogue) {
      const current = world();
      const injection = resolveVpn(vpnFault, current, spread);
      if ("refused" in injection) throw new Error(injection.refused);
      takeVpn(current, injection);
      if (vpnFault.kind === "power") expect(current.servers.map(({ on }) => on)).toEqual([true, false, true]);
      if (vpnFault.kind === "cut") expect([...current.cuts]).toEqual(["vpn-b vpn-c"]);
      mendVpn(current, injection);
      expect(current).toEqual(world());
    }
  });

  test("strikes a pair of clients, sets it apart, or does not concern it", () => {
    const [one, three] = [
      { client: "one", server: "vpn-b" },
      { client: "three", server: "vpn-c" },
    ];
    const two = { client: "two", server: "vpn-b" };
    const between = { server: "vpn-b", other: "vpn-c" };
    expect(fateOf({ kind: "cut", ...between }, one, three)).toBe("apart");
    expect(fateOf({ kind: "heal", ...between }, three, one)).toBe("struck");
    expect(fateOf({ kind: "cut", ...between }, one, two)).toBe("other");
    expect(fateOf({ kind: "power", server: "vpn-c" }, one, three)).toBe("struck");
    expect(fateOf({ kind: "power", server: "vpn-c" }, one, two)).toBe("other");
    expect(fateOf({ kind: "roam", moves: [{ client: "one", server: "vpn-a" }] }, three, two)).toBe("other");
  });
});

const seen: VpnMeasurement = {
  ...{ struckSilent: 3_000, othersSilent: 20, right: 4_000, wrong: [], late: [], told: null, noise: 10 },
};
const expected = { struckSilentAtMost: 4_500, othersSilentAtMost: 150, rightWithin: 9_000, told: false };

describe("the judge of VPN servers", () => {
  test("passes what stayed within every promise", () => {
    expect(judgeVpn(seen, expected)).toEqual({ pass: true, reasons: [] });
  });

  test("tells every broken promise, and what was wrong at the end", () => {
    const worse = { ...seen, struckSilent: 5_000, othersSilent: 200, right: null, wrong: ["two is lost"] };
    expect(judgeVpn(worse, { ...expected, told: true }).reasons).toEqual([
      "clients that were struck silent for 5000 ms, expected at most 4500 ms",
      "other clients silent for 200 ms, expected at most 150 ms",
      "no agent said whose fault it is",
      "not all was right before the deadline",
      "two is lost",
    ]);
  });
});

test("their results have a table of their own", () => {
  const result = { drill: "ghost-client", injected: "one -> vpn-c", at: "2026-11-30T00:00:00.000Z" };
  expect(table([{ ...result, expected, seen, verdict: { pass: true, reasons: [] } }]).split("\n")).toEqual([
    "drill         injected      clients struck silent  others silent    all right after     verdict",
    "ghost-client  one -> vpn-c  3000 ms <= 4500 ms     20 ms <= 150 ms  4000 ms <= 9000 ms  pass",
    "1 of 1 drills met their expectations.",
  ]);
});

test("a probe that asks several addresses says who answered", () => {
  const line = "[1795564793.19098] 10.9.0.2   : [0], 20 bytes, 0.044 ms (0.044 avg, 0% loss)";
  expect(replyFrom(line)).toEqual({ address: "10.9.0.2", at: 1_795_564_793_190.98 });
  expect(replyFrom("10.9.0.2 : [1], timed out (0.044 avg, 50% loss)")).toBeNull();
});
