import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  deadBecause,
  hearingWindow,
  type NetworkEvidence,
} from "../../../src/agent/networks/reachability.js";

const silence = 500;
const now = 10_000;
const gateway = "10.0.1.1";
const evidence = (parts: {
  asked?: Record<string, number>;
  answered?: Record<string, number>;
  exchanged?: number;
}): NetworkEvidence => ({
  asked: new Map(Object.entries(parts.asked ?? {})),
  answered: new Map(Object.entries(parts.answered ?? {})),
  exchanged: parts.exchanged ?? null,
});
const peerHears = (...heard: string[]) => [{ peer: "lb-b", at: now - 20, heard }];

describe("a network is dead for a node", () => {
  test("when its witness is silent for it and answers a peer", () => {
    const silent = evidence({ asked: { [gateway]: now - 50 }, answered: { [gateway]: now - 600 } });
    expect(deadBecause(silent, peerHears(gateway), now, silence)).toEqual({ peer: "lb-b", witness: gateway });
  });

  test("even when that witness never answered it", () => {
    const silent = evidence({ asked: { [gateway]: now - 50 } });
    expect(deadBecause(silent, peerHears(gateway), now, silence)).not.toBeNull();
  });
});

describe("a network is not dead", () => {
  const silent = evidence({ asked: { [gateway]: now - 50 }, answered: { [gateway]: now - 600 } });

  test("when nobody hears anybody: every server or switch may be down", () => {
    expect(deadBecause(silent, peerHears(), now, silence)).toBeNull();
  });

  test("when no peer lives to tell", () => {
    expect(deadBecause(silent, [], now, silence)).toBeNull();
  });

  test("when any one witness answers", () => {
    const one = evidence({ asked: { [gateway]: now, "10.0.1.9": now }, answered: { "10.0.1.9": now - 100 } });
    expect(deadBecause(one, peerHears(gateway), now, silence)).toBeNull();
  });

  test("when a peer's beats arrive on it and the peer hears ours", () => {
    const exchanged = evidence({ asked: { [gateway]: now }, exchanged: now - 100 });
    expect(deadBecause(exchanged, peerHears(gateway), now, silence)).toBeNull();
  });

  test("when the prober has stopped asking", () => {
    const asleep = evidence({ asked: { [gateway]: now - 2_000 } });
    expect(deadBecause(asleep, peerHears(gateway), now, silence)).toBeNull();
  });

  test("when a peer hears only witnesses that this node does not ask", () => {
    expect(deadBecause(silent, peerHears("10.0.1.77"), now, silence)).toBeNull();
  });

  test("when the peer's word may be of the time before the witness fell silent", () => {
    const old = [{ peer: "lb-b", at: now - 300, heard: [gateway] }];
    expect(deadBecause(silent, old, now, silence)).toBeNull();
  });

  test("for either node when the witness falls silent for both at once", () => {
    const period = 100;
    const phase = fc.integer({ min: 0, max: period - 1 });
    fc.assert(
      fc.property(phase, phase, phase, fc.integer({ min: 0, max: 2_000 }), (asksA, asksB, beats, since) => {
        const died = now - since;
        const lastBefore = (time: number, offset: number) =>
          time - ((((time - offset) % period) + period) % period);
        const sideOf = (offset: number) => lastBefore(died, offset);
        const at = lastBefore(now, beats);
        const heardAt = (answered: number) => (at - answered <= hearingWindow(silence) ? [gateway] : []);
        const dead = (own: number, other: number) =>
          deadBecause(
            evidence({ asked: { [gateway]: now }, answered: { [gateway]: own } }),
            [{ peer: "lb-b", at, heard: heardAt(other) }],
            now,
            silence,
          );
        expect(dead(sideOf(asksA), sideOf(asksB))).toBeNull();
        expect(dead(sideOf(asksB), sideOf(asksA))).toBeNull();
      }),
    );
  });
});
