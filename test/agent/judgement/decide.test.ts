import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, type PeerReport } from "../../../src/agent/judgement/decide.js";

const freshness = 300;
const self = (severity: number) => ({
  ...{ severity, said: severity },
  faults: severity === 0 ? [] : ["haproxy-gone"],
  ...{ cutOff: null, rivals: [] },
});
const peer = (severity: number, age = 10): PeerReport => ({ name: "lb-b", age, severity });

describe("who yields", () => {
  test("a fit node never yields", () => {
    expect(decide(self(0), [peer(0)], freshness).yield).toBe(false);
  });

  test("a broken node yields to a fit peer, and says to whom and why", () => {
    expect(decide(self(100), [peer(0)], freshness)).toEqual({
      yield: true,
      why: "haproxy-gone; lb-b is fit",
    });
  });

  test("a broken node with a peer as broken stays", () => {
    expect(decide(self(100), [peer(100)], freshness).yield).toBe(false);
  });

  test("a broken node whose fit peer has fallen silent stays", () => {
    expect(decide(self(100), [peer(0, freshness + 1)], freshness).yield).toBe(false);
  });

  test("a broken node without a peer stays", () => {
    expect(decide(self(100), [], freshness).yield).toBe(false);
  });
});

describe("a node whose virtual IPs a preferred peer owns too", () => {
  const rival = (severity: number) => ({ ...self(severity), rivals: ["lb-b"] });

  test("leaves them to it, fit or not, unless the peer is more broken", () => {
    expect(decide(rival(0), [peer(0)], freshness)).toEqual({
      yield: true,
      why: "lb-b owns the virtual IPs too, and comes first",
    });
    expect(decide(rival(2), [peer(2)], freshness).yield).toBe(true);
    expect(decide(rival(0), [peer(2)], freshness).yield).toBe(false);
    expect(decide(rival(2), [peer(100)], freshness).yield).toBe(false);
  });

  test("weighs itself as the peer hears it: two in the same doubt are equal", () => {
    expect(decide({ ...rival(0), said: 2 }, [peer(2)], freshness).yield).toBe(true);
    expect(decide({ ...rival(0), said: 2 }, [peer(3)], freshness).yield).toBe(false);
  });

  test("keeps them when that one has fallen silent", () => {
    expect(decide(rival(0), [peer(0, freshness + 1)], freshness).yield).toBe(false);
  });
});

describe("a node that is cut off", () => {
  const cutOff = { ...self(1_000_000), cutOff: "no peer is heard, and witness 10.0.1.1 does not answer" };

  test("leaves the virtual IPs although it hears nobody, and says why", () => {
    for (const peers of [[], [peer(0, freshness + 1)]])
      expect(decide(cutOff, peers, freshness)).toEqual({ yield: true, why: cutOff.cutOff });
  });

  test("is as any other for as long as it hears a peer", () => {
    expect(decide(cutOff, [peer(1_000_000)], freshness).yield).toBe(false);
    expect(decide(cutOff, [peer(0)], freshness).why).toBe("haproxy-gone; lb-b is fit");
  });
});

/** Nodes that exchange beats with delays; `script` gives each node's severity from a step on. */
interface World {
  readonly nodes: number;
  readonly delays: readonly number[];
  readonly events: readonly { readonly at: number; readonly node: number; readonly severity: number }[];
  /** Nodes that say more than they count themselves: they are in doubt. */
  readonly doubts: readonly boolean[];
}

const world: fc.Arbitrary<World> = fc.integer({ min: 2, max: 4 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    delays: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: nodes * nodes, maxLength: nodes * nodes }),
    events: fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 100 }),
        node: fc.integer({ min: 0, max: nodes - 1 }),
        severity: fc.constantFrom(0, 1, 10, 100, 1_000),
      }),
      { maxLength: 20 },
    ),
    doubts: fc.array(fc.boolean(), { minLength: nodes, maxLength: nodes }),
  }),
);

/**
 * Who yields at each step: every node beats every step, and a beat takes its link's delay. Where it is contested, all own the
 * virtual IPs, as no advert arrives.
 */
function run({ nodes, delays, events, doubts }: World, steps: number, contested = false): boolean[][] {
  const history: number[][] = [];
  const yields: boolean[][] = [];
  const severities = Array.from({ length: nodes }, () => 0);
  for (let now = 0; now < steps; now += 1) {
    for (const { at, node, severity } of events) if (at === now) severities[node] = severity;
    const said = severities.map((severity, node) => severity + (contested && doubts[node] ? 2 : 0));
    history.push(said);
    yields.push(
      severities.map((severity, node) => {
        const peers = severities.flatMap((_, other): PeerReport[] => {
          const delay = delays[node * nodes + other] ?? 1;
          const heard = history[now - delay]?.[other];
          return other === node || heard === undefined
            ? []
            : [{ name: `n${other}`, age: delay, severity: heard }];
        });
        // The first is the most preferred.
        const rivals = contested ? severities.slice(0, node).map((_, other) => `n${other}`) : [];
        return decide(
          { severity, said: said[node] ?? severity, faults: ["x"], cutOff: null, rivals },
          peers,
          freshness,
        ).yield;
      }),
    );
  }
  return yields;
}

describe("nodes that exchange beats", () => {
  const quiet = 100 + 20 + 1;

  test("agree, one beat after the last change, and never change their minds again", () => {
    fc.assert(
      fc.property(world, (each) => {
        const settled = run(each, quiet + 50).slice(quiet);
        for (const step of settled) expect(step).toEqual(settled[0]);
      }),
    );
  });

  test("always leave one that stays, and it is a least broken one", () => {
    fc.assert(
      fc.property(world, (each) => {
        const last = run(each, quiet + 1).at(-1) ?? [];
        const severities = Array.from({ length: each.nodes }, () => 0);
        for (const { node, severity } of [...each.events].sort((a, b) => a.at - b.at))
          severities[node] = severity;
        const least = Math.min(...severities);
        expect(last).toEqual(severities.map((severity) => severity > least));
        expect(last).toContain(false);
      }),
    );
  });

  test("of whom all own the virtual IPs leave them to one, the preferred among the least broken, whoever is in doubt", () => {
    fc.assert(
      fc.property(world, (each) => {
        const settled = run(each, quiet + 50, true).slice(quiet);
        const last = settled.at(-1) ?? [];
        const severities = Array.from({ length: each.nodes }, () => 0);
        for (const { node, severity } of [...each.events].sort((a, b) => a.at - b.at))
          severities[node] = severity;
        const said = severities.map((severity, node) => severity + (each.doubts[node] ? 2 : 0));
        if (!each.doubts.includes(true)) {
          const stays = severities.indexOf(Math.min(...severities));
          expect(last).toEqual(severities.map((_, node) => node !== stays));
        }
        // The first of those of whom the least is said has no rival, and nobody is less broken.
        expect(last[said.indexOf(Math.min(...said))]).toBe(false);
        for (const step of settled) expect(step).toEqual(last);
      }),
    );
  });

  test("cut off from each other, all stay", () => {
    const alone = decide(self(1_000), [peer(0, 10_000), peer(10, 10_000)], freshness);
    expect(alone.yield).toBe(false);
  });
});
