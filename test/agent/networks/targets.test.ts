import { describe, expect, test } from "vitest";
import { NetworkTargets } from "../../../src/agent/networks/targets.js";
import { exampleCluster } from "../../render/examples.js";

const pair = exampleCluster("pair");
const routed = exampleCluster("campus-routed");

describe("the witnesses of a network", () => {
  test("are its gateway and next hops", () => {
    expect(new NetworkTargets(routed, "edge").asked([], 0)).toEqual(["10.0.1.1"]);
  });

  test("are the servers on it, and on no other", () => {
    expect(new NetworkTargets(pair, "controllers").asked([], 0)).toEqual([
      "10.0.2.11",
      "10.0.2.12",
      "10.0.2.13",
    ]);
    expect(new NetworkTargets(pair, "switches").asked([], 0)).toEqual([]);
  });

  test("are the operator's before all others, behind a router too", () => {
    const witnesses = [
      { address: "192.168.10.9", network: "edge" },
      { address: "10.0.2.200", network: "controllers" },
    ];
    const named = { ...routed, failover: { ...routed.failover, witnesses } };
    expect(new NetworkTargets(named, "edge").asked([], 0)).toEqual(["192.168.10.9", "10.0.1.1"]);
    expect(new NetworkTargets(named, "controllers").asked([], 0)[0]).toBe("10.0.2.200");
  });

  test("are whom a peer hears, within the network alone", () => {
    const targets = new NetworkTargets(pair, "switches");
    expect(targets.asked(["10.0.1.7", "8.8.8.8", "10.0.1.7", "not-an-address"], 0)).toEqual(["10.0.1.7"]);
  });

  test("are never a node, which beats prove, nor a virtual IP, which may be our own", () => {
    const targets = new NetworkTargets(pair, "switches");
    targets.learn(["10.0.1.3", "10.0.1.100", "10.0.1.50"]);
    expect(targets.asked(["10.0.1.2", "10.0.1.100"], 0)).toEqual(["10.0.1.50"]);
  });

  test("stay the same while more neighbours come than are needed", () => {
    const targets = new NetworkTargets(pair, "switches");
    const hosts = (from: number) => Array.from({ length: 8 }, (_, index) => `10.0.1.${from + index}`);
    targets.learn(hosts(10));
    const before = targets.asked([], 0);
    targets.learn([...hosts(50), ...hosts(10)]);
    expect(targets.asked([], 0)).toEqual(before);
  });

  test("are few, however much a peer claims to hear", () => {
    const claims = Array.from({ length: 200 }, (_, index) => `10.0.1.${index + 4}`);
    expect(new NetworkTargets(pair, "switches").asked(claims, 0).length).toBeLessThanOrEqual(32);
  });

  test("stay asked for a while when the peer that named them falls silent", () => {
    const targets = new NetworkTargets(pair, "switches");
    targets.asked(["10.0.1.7"], 0);
    expect(targets.asked([], 9_000)).toEqual(["10.0.1.7"]);
    expect(targets.asked([], 11_000)).toEqual([]);
  });
});
