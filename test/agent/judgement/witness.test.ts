import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { servingNetworks } from "../../../src/agent/addresses/serving.js";
import type { PeerWord } from "../../../src/agent/beats/peers.js";
import { type Judgement, judged, type Look, noJudgement } from "../../../src/agent/judgement/judgement.js";
import type { Facts } from "../../../src/agent/judgement/own-faults.js";
import type { WitnessSight } from "../../../src/agent/networks/witness-sight.js";
import type { VrrpState } from "../../../src/observe/state.js";
import { nodeNamed } from "../../../src/topology/select.js";
import { exampleCluster } from "../../render/examples.js";

const cluster = exampleCluster("pair");
const freshness = 700;
const subject = { cluster, node: nodeNamed(cluster, "lb-a"), serving: servingNetworks(cluster), freshness };
const own = ["10.0.1.2", "10.0.2.2", "10.0.9.2"];
const roles = (state: VrrpState) =>
  new Map([
    ["switches", state],
    ["controllers", state],
  ]);
/** The active node with all that it needs; where it needs virtual IPs, they are there. */
const fit: Facts = {
  ...{ keepalived: "up", haproxy: "up", roles: roles("master") },
  present: new Set([...own, "10.0.1.100", "10.0.2.1"]),
  ...{ deadNetworks: new Map(), witnesses: [], rulesMissing: false, silent: new Set() },
  ...{ contested: new Set(), rivals: new Map(), unsettled: false, unsynced: false, maintenance: false },
};
const peer = (age: number): PeerWord => ({
  ...{ name: "lb-b", age, severity: 0, faults: [], yielding: false, generation: null, unsettled: false },
});
const sees = (...sights: readonly WitnessSight["sight"][]): WitnessSight[] =>
  sights.map((sight, index) => ({ address: `10.0.9.${index + 10}`, network: "management", sight }));

const alone: PeerWord[] = [peer(freshness + 1)];
const look = (now: number, facts: Partial<Facts>, peers = alone): Look => ({
  ...{ now, facts: { ...fit, ...facts }, peers, away: false },
});
/** The judgement after looks of this kind for so many milliseconds. */
const lasting = (
  milliseconds: number,
  facts: Partial<Facts>,
  peers = alone,
  before = noJudgement,
): Judgement => {
  let current = before;
  for (let now = 0; now <= milliseconds; now += 100)
    current = judged(current, look(now, facts, peers), subject);
  return current;
};
const silent = { witnesses: sees("silent", "silent") };

describe("a node that hears no peer", () => {
  test("leaves the virtual IPs at the third look that finds every witness silent, and says so", () => {
    expect(lasting(100, silent).decision.yield).toBe(false);
    expect(lasting(200, silent).decision).toEqual({
      yield: true,
      why: "no peer is heard, and none of the witnesses 10.0.9.10, 10.0.9.11 answers",
    });
    expect(lasting(200, { witnesses: sees("silent") }).decision.why).toBe(
      "no peer is heard, and witness 10.0.9.10 does not answer",
    );
  });

  test("stays while one witness answers, or is not asked", () => {
    for (const other of ["answers", "unasked"] as const)
      expect(lasting(5_000, { witnesses: sees("silent", other) }).decision.yield).toBe(false);
  });

  test("leaves them where a witness cannot be asked for the interface towards it is down", () => {
    const present = new Set([...fit.present].filter((address) => address !== "10.0.9.2"));
    expect(lasting(200, { witnesses: sees("unasked"), present }).decision.yield).toBe(true);
  });

  test("takes part again as soon as a witness answers, or a peer is heard", () => {
    const left = lasting(1_000, { ...silent, roles: roles("fault"), present: new Set(own) });
    const gone = { roles: roles("fault"), present: new Set(own) };
    const answered = judged(left, look(1_100, { ...gone, witnesses: sees("silent", "answers") }), subject);
    expect(answered.decision.yield).toBe(false);
    const heard = judged(left, look(1_100, { ...gone, ...silent }, [{ ...peer(10), severity: 5 }]), subject);
    expect(heard.decision.yield).toBe(false);
  });

  test("stays away although keepalived, once it has stepped back, hears nobody either", () => {
    const gone = { ...silent, roles: roles("fault"), present: new Set(own) };
    expect(lasting(60_000, gone, alone, lasting(200, silent)).decision.yield).toBe(true);
  });

  test("stands by while its keepalived hears adverts: the peer's agent is dead, not the peer", () => {
    const standby = { ...silent, roles: roles("backup"), present: new Set(own) };
    expect(lasting(5_000, standby).decision.yield).toBe(false);
  });
});

test("whoever hears a node without a witness does not leave to it, whatever is wrong with himself", () => {
  const word = lasting(200, silent);
  const broken = {
    keepalived: "gone",
    haproxy: "gone",
    rulesMissing: true,
    present: new Set<string>(),
  } as const;
  const reporter = { ...peer(10), severity: word.severity };
  expect(lasting(5_000, { ...broken, roles: new Map() }, [reporter]).decision.yield).toBe(false);
});

const boolean = fc.boolean();
const sight = fc.constantFrom<WitnessSight["sight"]>("answers", "silent", "unasked");
const looks = fc.array(
  fc.record({
    pause: fc.integer({ min: 1, max: 1_000 }),
    sights: fc.array(sight, { minLength: 1, maxLength: 3 }),
    age: fc.integer({ min: 0, max: 2 * freshness }),
    severity: fc.constantFrom(0, 1, 100, 20_000),
    role: fc.constantFrom<VrrpState>("master", "backup", "fault"),
    addresses: fc.subarray([...fit.present]),
    haproxy: fc.constantFrom("up" as const, "gone" as const),
    maintenance: boolean,
    away: boolean,
  }),
  { minLength: 1, maxLength: 12 },
);
type Seen = Parameters<Parameters<typeof looks.map>[0]>[0][number];

const facts = ({ role, addresses, haproxy, maintenance }: Seen): Facts => ({
  ...{ ...fit, roles: roles(role), present: new Set(addresses), haproxy, maintenance },
});

describe("however things go", () => {
  const follow = (seen: readonly Seen[], witnesses: (each: Seen) => WitnessSight[]) => {
    let [now, current] = [0, noJudgement];
    return seen.map((each) => {
      now += each.pause;
      const peers = [{ ...peer(each.age), severity: each.severity }];
      const next = { now, facts: { ...facts(each), witnesses: witnesses(each) }, peers, away: each.away };
      current = judged(current, next, subject);
      return { each, judgement: current };
    });
  };
  const named = ({ sights }: Seen) => sees(...sights);

  test("without a witness a node that hears no peer stays", () => {
    fc.assert(
      fc.property(looks, (seen) => {
        for (const { each, judgement } of follow(seen, () => []))
          if (each.age > freshness) expect(judgement.decision.yield).toBe(false);
      }),
    );
  });

  test("a witness changes nothing for a node that has not been alone", () => {
    fc.assert(
      fc.property(looks, (seen) => {
        const heard = seen.map((each) => (each.role === "backup" ? each : { ...each, age: each.age / 2 }));
        expect(follow(heard, named)).toEqual(follow(heard, () => []));
      }),
    );
  });

  test("no node is without a witness that hears a peer, adverts, or a witness", () => {
    fc.assert(
      fc.property(looks, (seen) => {
        for (const { each, judgement } of follow(seen, named)) {
          const hears = each.age <= freshness || each.role === "backup" || each.sights.includes("answers");
          if (hears) expect(judgement.ledger.get("no-witness")?.raised ?? false).toBe(false);
          if (hears && each.age > freshness) expect(judgement.decision.yield).toBe(false);
        }
      }),
    );
  });
});
