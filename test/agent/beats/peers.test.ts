import { describe, expect, test } from "vitest";
import type { Beat } from "../../../src/agent/beats/beat.js";
import { Peers } from "../../../src/agent/beats/peers.js";

const beat = (sequence: number, changes: Partial<Beat> = {}): Beat => ({
  node: "lb-b",
  boot: 1_000,
  sequence,
  severity: 0,
  faults: [],
  yielding: false,
  digest: "d",
  generation: { number: 3, digest: "a1b2c3d4e5f6" },
  unsettled: false,
  sync: null,
  networks: { switches: { vrrp: "backup", heard: ["10.0.1.1"], silent: [], peers: ["lb-a"] } },
  ...changes,
});

describe("peers", () => {
  test("are heard on the networks on which their beats arrive", () => {
    const peers = new Peers(300);
    peers.take(beat(1), "switches", 0);
    expect(peers.heardOn("switches", 100, 500)).toEqual(["lb-b"]);
    expect(peers.heardOn("management", 100, 500)).toEqual([]);
    expect(peers.heardOn("switches", 600, 500)).toEqual([]);
  });

  test("one beat that arrives on two networks counts on both", () => {
    const peers = new Peers(300);
    expect(peers.take(beat(1), "switches", 0)).toBe(true);
    expect(peers.take(beat(1), "management", 1)).toBe(true);
  });

  test("an old beat that comes late or again changes nothing", () => {
    const peers = new Peers(300);
    peers.take(beat(2, { severity: 100 }), "switches", 0);
    expect(peers.take(beat(1), "switches", 10)).toBe(false);
    peers.take(beat(1), "management", 20);
    expect(peers.reports(20)).toMatchObject([{ name: "lb-b", age: 0, severity: 100 }]);
  });

  test("say which generation they run, and whether they are settled", () => {
    const peers = new Peers(300);
    peers.take(beat(1, { unsettled: true }), "switches", 0);
    const generation = { number: 3, digest: "a1b2c3d4e5f6" };
    expect(peers.reports(0)).toMatchObject([{ generation, unsettled: true }]);
  });

  test("that are in doubt are never taken for fit, from their first beat on", () => {
    const peers = new Peers(300);
    peers.take(beat(1, { unsettled: true }), "switches", 0);
    expect(peers.reports(0)).toMatchObject([{ severity: 2 }]);
    peers.take(beat(2, { unsettled: true, faults: ["unsettled"], severity: 2 }), "switches", 100);
    expect(peers.reports(100)).toMatchObject([{ severity: 2 }]);
    peers.take(beat(3), "switches", 200);
    expect(peers.reports(200)).toMatchObject([{ severity: 0 }]);
  });

  test("known before are alive at once, and their old beats stay old", () => {
    const before = new Peers(300);
    before.take(beat(5), "switches", 0);
    const after = new Peers(300, before.all);
    expect(after.fresh(100)).toHaveLength(1);
    expect(after.take(beat(5), "switches", 100)).toBe(false);
    expect(after.take(beat(6), "switches", 100)).toBe(true);
  });

  test("an agent that started anew counts from one again", () => {
    const peers = new Peers(300);
    peers.take(beat(900), "switches", 0);
    expect(peers.take(beat(1, { boot: 2_000 }), "switches", 10)).toBe(true);
  });

  test("an agent whose clock went back is heard once its former self has fallen silent", () => {
    const peers = new Peers(300);
    peers.take(beat(900), "switches", 0);
    expect(peers.take(beat(1, { boot: 500 }), "switches", 100)).toBe(false);
    expect(peers.take(beat(2, { boot: 500 }), "switches", 400)).toBe(true);
  });

  test("that fell silent say nothing of what they hear", () => {
    const peers = new Peers(300);
    peers.take(beat(1), "switches", 0);
    expect(peers.hearing("switches", 200)).toEqual([{ peer: "lb-b", at: 0, heard: ["10.0.1.1"] }]);
    expect(peers.hearing("switches", 301)).toEqual([]);
  });
});
