import { describe, expect, test } from "vitest";
import { faultName } from "../../../src/agent/judgement/faults.js";
import { type Facts, ownFaults } from "../../../src/agent/judgement/own-faults.js";
import type { VrrpState } from "../../../src/observe/state.js";
import { nodeNamed } from "../../../src/topology/select.js";
import { exampleCluster } from "../../render/examples.js";

const cluster = exampleCluster("pair");
const own = ["10.0.1.2", "10.0.2.2", "10.0.9.2"];
const virtual = ["10.0.1.100", "10.0.2.1"];
const roles = (state: VrrpState) =>
  new Map([
    ["switches", state],
    ["controllers", state],
  ]);
const fit: Facts = {
  keepalived: "up",
  haproxy: "up",
  roles: roles("backup"),
  present: new Set(own),
  deadNetworks: new Map(),
  witnesses: [],
  rulesMissing: false,
  silent: new Set(),
  contested: new Set(),
  rivals: new Map(),
  unsettled: false,
  unsynced: false,
  maintenance: false,
};
const faults = (changes: Partial<Facts>): string[] =>
  ownFaults(cluster, nodeNamed(cluster, "lb-a"), ["switches", "controllers"], { ...fit, ...changes }).map(
    faultName,
  );

describe("a node's own faults", () => {
  test("are none on a standby that has its engines, addresses and networks", () => {
    expect(faults({})).toEqual([]);
  });

  test("are none on an active node with every virtual IP", () => {
    expect(faults({ roles: roles("master"), present: new Set([...own, ...virtual]) })).toEqual([]);
  });

  test("name the network on which keepalived is master without the address", () => {
    expect(faults({ roles: roles("master"), present: new Set([...own, "10.0.2.1"]) })).toEqual([
      "address-missing:switches",
    ]);
  });

  test("name the network on which a virtual IP stands although keepalived is a backup there", () => {
    const left = new Set([...own, "10.0.1.100"]);
    expect(faults({ present: left })).toEqual(["address-stray:switches"]);
    expect(faults({ present: left, roles: new Map() })).toEqual([]);
  });

  test("name the network of a silent service, but leave that to a HAProxy that is gone", () => {
    const silent = new Set(["switches"]);
    expect(faults({ silent })).toEqual(["service-silent:switches"]);
    expect(faults({ silent, haproxy: "gone" })).toEqual(["haproxy-gone"]);
  });

  test("name the network of which a preferred peer is an owner too", () => {
    expect(faults({ contested: new Set(["switches"]) })).toEqual(["second-owner:switches"]);
  });

  test("name why a node without any is out of service", () => {
    expect(faults({ unsettled: true, maintenance: true })).toEqual(["unsettled", "maintenance"]);
  });

  test("name a network whose interface has no carrier once, not also as dead", () => {
    const down = {
      present: new Set(["10.0.2.2", "10.0.9.2"]),
      deadNetworks: new Map([["switches", "lb-b hears 10.0.1.1"]]),
    };
    expect(faults(down)).toEqual(["interface-down:switches"]);
  });

  test("leave out a network that serves nobody", () => {
    expect(faults({ deadNetworks: new Map([["management", "lb-b hears 10.0.1.1"]]) })).toEqual([]);
  });

  test("are none while an engine has not been seen yet", () => {
    expect(faults({ keepalived: "unknown", haproxy: "unknown" })).toEqual([]);
  });

  test("name engines that are gone and rules that are missing", () => {
    expect(faults({ keepalived: "gone", haproxy: "gone", rulesMissing: true })).toEqual([
      "keepalived-gone",
      "haproxy-gone",
      "rules-missing",
    ]);
  });
});
