import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deadBecause, type NetworkEvidence } from "../../src/agent/reachability.js";

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
const peerHears = (...heard: string[]) => [{ peer: "lb-b", heard }];

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

  test("for two nodes at once, whatever happens: one of them hears", () => {
    const times = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.integer({ min: now - 1_000, max: now }));
    const side = fc.record({ asked: times, answered: times });
    fc.assert(
      fc.property(side, side, (a, b) => {
        const heard = (of: typeof a) =>
          Object.keys(of.answered).filter((key) => now - (of.answered[key] ?? 0) <= silence);
        const deadA = deadBecause(evidence(a), peerHears(...heard(b)), now, silence);
        const deadB = deadBecause(evidence(b), peerHears(...heard(a)), now, silence);
        expect(deadA !== null && deadB !== null).toBe(false);
      }),
    );
  });
});
