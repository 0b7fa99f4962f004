import { describe, expect, test } from "vitest";
import { beliefsIn, misledBy } from "../../src/drill/neighbours.js";
import { ownersAt } from "../../src/drill/seen-owners.js";
import type { WireEvent } from "../../src/drill/wire.js";
import { exampleCluster } from "../render/examples.js";
import { campus } from "./campus.js";

const dual = exampleCluster("dual-stack");
const a = "02:68:66:00:00:01";
const b = "02:68:66:00:00:02";
const c = "02:68:66:00:00:03";

/** As iproute2 6.1.0 prints it. */
const table = JSON.stringify([
  { dst: "10.20.1.100", dev: "eth1", lladdr: a, state: ["STALE"] },
  { dst: "10.20.1.101", dev: "eth1", state: ["FAILED"] },
  { dst: "10.20.1.2", dev: "eth1", lladdr: a, state: ["REACHABLE"] },
  { dst: "10.20.2.30", dev: "eth1", lladdr: c, state: ["REACHABLE"] },
  { dst: "2001:db8:20:1::101", dev: "eth1", lladdr: b, router: null, state: ["REACHABLE"] },
]);

describe("a host's neighbour table", () => {
  test("tells to whom it sends what is meant for virtual IPs of both families, and of nothing else", () => {
    expect(beliefsIn(dual, "router", table)).toEqual([
      { machine: "router", network: "access", address: "10.20.1.100", mac: a },
      { machine: "router", network: "access", address: "2001:db8:20:1::101", mac: b },
    ]);
  });

  test.each(["", "[ ]\n"])("may be empty: %j", (empty) => {
    expect(beliefsIn(dual, "router", empty)).toEqual([]);
  });
});

describe("who is misled", () => {
  const beliefs = beliefsIn(dual, "router", table);
  const names = new Map([[a, "lb-a"]]);

  test("is whoever does not lead to the owner, and the machine it leads to is named", () => {
    expect(misledBy(beliefs, new Map([["access", b]]), names)).toEqual([
      { machine: "router", address: "10.20.1.100", mac: a, leadsTo: "lb-a" },
    ]);
    expect(misledBy(beliefs, new Map([["access", c]]), names)).toMatchObject([
      { mac: a, leadsTo: "lb-a" },
      { mac: b, leadsTo: null },
    ]);
  });

  test("is nobody on a network without an owner", () => {
    expect(misledBy(beliefs, new Map([["servers", b]]), names)).toEqual([]);
  });
});

describe("the owner at a moment", () => {
  const advert = (at: number, source: string, mac: string, priority = 254): WireEvent => {
    return { kind: "advert", at, mac, source, priority };
  };
  const heard = (...events: WireEvent[]) => [{ network: "switches", events, nodes: new Set([a, b]) }];
  const moved = heard(advert(0, "10.0.1.2", a), advert(60, "10.0.1.3", b), advert(80, "10.0.1.3", b));

  test("is who advertises, by its name", () => {
    expect([...ownersAt(campus, moved, 100)]).toEqual([["switches", "lb-b"]]);
  });

  test("is nobody after too long a silence, and never a stranger", () => {
    expect([...ownersAt(campus, moved, 1_000)]).toEqual([]);
    expect([...ownersAt(campus, heard(advert(0, "10.0.1.77", c)), 10)]).toEqual([]);
  });
});
