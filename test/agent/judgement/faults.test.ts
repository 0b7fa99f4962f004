import { describe, expect, test } from "vitest";
import {
  emptyLedger,
  type Fault,
  type Ledger,
  lately,
  raisedFaults,
  severity,
  updated,
} from "../../../src/agent/judgement/faults.js";
import { exampleCluster } from "../../render/examples.js";

const proxy = exampleCluster("pair");
const natOnly = exampleCluster("campus-routed");
const haproxyGone: Fault = { kind: "haproxy-gone", network: "" };
const switchesDead: Fault = { kind: "network-dead", network: "switches" };

/** The ledger after looks at the given times. */
const looked = (cluster: typeof proxy, looks: readonly [number, readonly Fault[]][]): Ledger =>
  looks.reduce((ledger, [at, faults]) => updated(ledger, faults, at, cluster), emptyLedger);

describe("the ledger of faults", () => {
  test("raises a fault at the first look", () => {
    expect(raisedFaults(looked(proxy, [[0, [haproxyGone]]]))).toEqual(["haproxy-gone"]);
  });

  test("raises a dead network when a second look finds it still dead", () => {
    const looks = (...times: number[]) => times.map((at): [number, readonly Fault[]] => [at, [switchesDead]]);
    expect(raisedFaults(looked(proxy, looks(0, 100)))).toEqual([]);
    expect(raisedFaults(looked(proxy, looks(0, 100, 200)))).toEqual(["network-dead:switches"]);
  });

  test("a port that a failed reload leaves for two seconds is no reason to move, one that stays silent is", () => {
    const silent: Fault = { kind: "service-silent", network: "switches" };
    const looks = (...times: number[]) => times.map((at): [number, readonly Fault[]] => [at, [silent]]);
    expect(raisedFaults(looked(proxy, [...looks(0, 1_000, 2_300), [2_400, []]]))).toEqual([]);
    expect(raisedFaults(looked(proxy, looks(0, 1_000, 2_000, 3_000)))).toEqual(["service-silent:switches"]);
  });

  test("two owners for a second are a move, a second owner for longer makes a node no more broken", () => {
    const second: Fault = { kind: "second-owner", network: "switches" };
    const looks = (...times: number[]) => times.map((at): [number, readonly Fault[]] => [at, [second]]);
    expect(raisedFaults(looked(proxy, looks(0, 1_000, 1_400)))).toEqual([]);
    const lasting = looked(proxy, looks(0, 1_000, 1_500));
    expect(raisedFaults(lasting)).toEqual(["second-owner:switches"]);
    expect(severity(lasting, 1_500, proxy)).toBe(0);
    const over = updated(lasting, [], 1_600, proxy);
    expect(severity(over, 1_600, proxy)).toBe(0);
    expect(lately(over, "second-owner", 2_599)).toEqual(["switches"]);
    expect(lately(over, "second-owner", 2_600)).toEqual([]);
  });

  test("a lost network weighs more than a lost HAProxy", () => {
    const looks: [number, readonly Fault[]][] = [0, 200].map((at) => [at, [switchesDead]]);
    const network = severity(looked(proxy, looks), 200, proxy);
    expect(network).toBeGreaterThan(severity(looked(proxy, [[0, [haproxyGone]]]), 0, proxy));
  });

  test("without proxy services a HAProxy that is restarted in time is no fault", () => {
    expect(
      raisedFaults(
        looked(natOnly, [
          [0, [haproxyGone]],
          [2_900, [haproxyGone]],
        ]),
      ),
    ).toEqual([]);
    expect(
      raisedFaults(
        looked(natOnly, [
          [0, [haproxyGone]],
          [3_000, [haproxyGone]],
        ]),
      ),
    ).toEqual(["haproxy-gone"]);
  });

  test("a fault that is gone leaves the node on probation, which weighs less than any fault", () => {
    const ledger = looked(proxy, [
      [0, [haproxyGone]],
      [500, []],
    ]);
    expect(raisedFaults(ledger)).toEqual([]);
    expect(severity(ledger, 600, proxy)).toBe(1);
    expect(severity(ledger, 1_500, proxy)).toBe(0);
  });

  test("a fault that comes and goes is on probation twice as long each time", () => {
    const ledger = looked(proxy, [
      [0, [haproxyGone]],
      [1_000, []],
      [3_000, [haproxyGone]],
      [4_000, []],
    ]);
    expect(severity(ledger, 5_900, proxy)).toBe(1);
    expect(severity(ledger, 6_000, proxy)).toBe(0);
  });

  test("forgives a fault that stayed away", () => {
    let ledger = looked(proxy, [
      [0, [haproxyGone]],
      [1_000, []],
    ]);
    ledger = updated(ledger, [], 100_000, proxy);
    expect(ledger.size).toBe(0);
  });
});
