import { describe, expect, test } from "vitest";
import { servingNetworks } from "../../../src/agent/addresses/serving.js";
import { peerState } from "../../../src/agent/beats/peer-state.js";
import type { PeerWord } from "../../../src/agent/beats/peers.js";
import { plainCircumstances } from "../../../src/agent/circumstances.js";
import {
  concernsPeers,
  type Judgement,
  judged,
  type Look,
  noJudgement,
} from "../../../src/agent/judgement/judgement.js";
import { newsOf } from "../../../src/agent/judgement/news.js";
import type { Facts } from "../../../src/agent/judgement/own-faults.js";
import { stateDocument } from "../../../src/agent/state-document.js";
import { syncOff } from "../../../src/agent/sync/sync-report.js";
import { nodeNamed } from "../../../src/topology/select.js";
import { exampleCluster } from "../../render/examples.js";

const cluster = exampleCluster("pair");
const subject = {
  cluster,
  node: nodeNamed(cluster, "lb-a"),
  serving: servingNetworks(cluster),
  freshness: 300,
};
const fit: Facts = {
  keepalived: "up",
  haproxy: "up",
  roles: new Map(),
  present: new Set(["10.0.1.2", "10.0.2.2", "10.0.9.2"]),
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
const fitPeer: PeerWord = {
  name: "lb-b",
  age: 10,
  severity: 0,
  faults: [],
  yielding: false,
  generation: null,
  unsettled: false,
};
const withoutHaproxy: Facts = { ...fit, haproxy: "gone" };

const look = (now: number, changes: Partial<Look> = {}): Look => ({
  now,
  facts: fit,
  peers: [fitPeer],
  away: false,
  ...changes,
});

/** The judgements after each of the looks. */
function judgements(...looks: readonly Look[]): Judgement[] {
  let current = noJudgement;
  return looks.map((next) => {
    current = judged(current, next, subject);
    return current;
  });
}

const last = (...looks: readonly Look[]): Judgement => judgements(...looks).at(-1) ?? noJudgement;

const told = (before: Judgement, after: Judgement): string[] =>
  newsOf(before, after).map(({ message, fields }) => [message, ...Object.values(fields)].join(" | "));

describe("an agent's judgement of its node", () => {
  test("a node without faults is fit and stays", () => {
    expect(last(look(0))).toMatchObject({ severity: 0, decision: { yield: false } });
  });

  test("a node that lost HAProxy yields to a fit peer, and stays where none is heard", () => {
    expect(last(look(0, { facts: withoutHaproxy })).decision.yield).toBe(true);
    expect(last(look(0, { facts: withoutHaproxy, peers: [] })).decision.yield).toBe(false);
  });

  test("a node whose fault is over is a little broken until its probation ends", () => {
    const looks = [look(0, { facts: withoutHaproxy }), look(100), look(2_000)];
    expect(judgements(...looks).map(({ severity }) => severity)).toEqual([100, 1, 0]);
  });

  test("a planned absence makes a fit node yield, and a node whose peer is broken stay", () => {
    expect(last(look(0, { away: true })).decision).toEqual({
      yield: true,
      why: "a planned move; lb-b is fit",
    });
    expect(last(look(0, { away: true, peers: [{ ...fitPeer, severity: 10 }] })).decision.yield).toBe(false);
  });

  test.each(["maintenance", "unsettled"] as const)("a node in %s yields to any fit peer", (reason) => {
    const facts = { ...fit, [reason]: true };
    expect(last(look(0, { facts }), look(5_000, { facts })).decision.yield).toBe(true);
  });

  test("a node that settles within two seconds never yields", () => {
    const facts = { ...fit, unsettled: true };
    const looks = [look(0, { facts }), look(1_900, { facts }), look(1_950)];
    expect(judgements(...looks).map(({ severity }) => severity)).toEqual([0, 0, 0]);
  });

  test("a node in doubt stays while every peer is in doubt too, however long it lasts", () => {
    const inDoubt = { facts: { ...fit, unsettled: true }, peers: [{ ...fitPeer, unsettled: true }] };
    const looks = [look(0, inDoubt), look(60_000, inDoubt)];
    expect(judgements(...looks).map(({ severity }) => severity)).toEqual([0, 0]);
  });

  test("a node in doubt has time to settle after its peer has, and then nothing moves", () => {
    const facts = { ...fit, unsettled: true };
    const together = look(0, { facts, peers: [{ ...fitPeer, unsettled: true }] });
    const after = last(together, look(60_000, { facts }), look(61_000));
    expect(after).toMatchObject({ severity: 0, decision: { yield: false } });
    expect(last(together, look(60_000, { facts }), look(65_000, { facts })).decision.yield).toBe(true);
  });

  test("a node out of service for both reasons still stands in for the mildest fault, and for a lonely cluster", () => {
    const facts = { ...fit, maintenance: true, unsettled: true };
    const hardlyBroken = { ...fitPeer, severity: 5 };
    expect(last(look(0, { facts, peers: [hardlyBroken] })).decision.yield).toBe(false);
    expect(last(look(0, { facts, peers: [] })).decision.yield).toBe(false);
  });

  test("of two nodes out of service neither pushes the other off", () => {
    const facts = { ...fit, maintenance: true };
    const unsettled = { ...fit, unsettled: true };
    const { severity } = last(look(0, { facts: unsettled }), look(5_000, { facts: unsettled }));
    expect(last(look(0, { facts, peers: [{ ...fitPeer, severity }] })).decision.yield).toBe(false);
  });

  test("concerns the peers when the severity changes, not when only time passes", () => {
    const [first, second, third] = judgements(look(0), look(100), look(200, { facts: withoutHaproxy }));
    if (!first || !second || !third) throw new Error("three looks, three judgements");
    expect(concernsPeers(first, second)).toBe(false);
    expect(concernsPeers(second, third)).toBe(true);
  });
});

describe("the news of a judgement", () => {
  const calm = last(look(0));

  test("are none when nothing changed", () => {
    expect(newsOf(calm, judged(calm, look(100), subject))).toEqual([]);
  });

  test("name a raised fault and the decision it led to, then both again when they end", () => {
    const broken = judged(calm, look(100, { facts: withoutHaproxy }), subject);
    expect(told(calm, broken)).toEqual([
      "fault raised | haproxy-gone",
      "yields the virtual IPs | haproxy-gone; lb-b is fit",
    ]);
    const mended = judged(broken, look(200), subject);
    expect(told(broken, judged(mended, look(5_000), subject))).toEqual([
      "fault cleared | haproxy-gone",
      "no longer yields | fit",
    ]);
  });

  test("name a dead network with its proof before it counts as a fault", () => {
    const deadNetworks = new Map([["switches", "lb-b hears 10.0.1.1"]]);
    const dead = judged(calm, look(100, { facts: { ...fit, deadNetworks } }), subject);
    expect(told(calm, dead)[0]).toBe("network dead for this node alone | switches | lb-b hears 10.0.1.1");
    expect(told(dead, judged(dead, look(150), subject))).toContain("network no longer dead | switches");
  });
});

test("the state document calls a peer ready only while it is heard and fit", () => {
  const { peers } = stateDocument({
    node: "lb-a",
    cluster: "campus",
    digest: "0123456789ab",
    judgement: noJudgement,
    engines: { keepalived: "running", haproxy: "up" },
    networks: {},
    circumstances: plainCircumstances,
    sync: syncOff,
    peers: [fitPeer, { ...fitPeer, name: "lb-c", severity: 5 }, { ...fitPeer, name: "lb-d", age: 301 }].map(
      (peer) => peerState(peer, 300),
    ),
  });
  expect(peers.map(({ name, alive, ready }) => [name, alive, ready])).toEqual([
    ["lb-b", true, true],
    ["lb-c", true, false],
    ["lb-d", false, false],
  ]);
});

test("networks with virtual IPs or servers serve; the management network does not", () => {
  expect(servingNetworks(cluster)).toEqual(["switches", "controllers"]);
});
