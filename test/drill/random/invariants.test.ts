import { expect, test } from "vitest";
import type { Event } from "../../../src/api/event.js";
import { blowsFor } from "../../../src/drill/random/blows.js";
import type { History, Struck } from "../../../src/drill/random/history.js";
import { violations } from "../../../src/drill/random/invariants.js";
import type { Lane, Timeline } from "../../../src/drill/timeline.js";
import { campus } from "../campus.js";

const struck = (text: string, from: number, until: number): Struck => {
  const blow = blowsFor(campus).find(({ injection }) => injection.text === text);
  if (blow === undefined) throw new Error(`nothing is called ${text}`);
  return { blow, from, until };
};
const lane = (kind: Lane["kind"], from: number, until: number, name = kind as string): Lane => ({
  ...{ kind, name, silent: [{ from, until }] },
});
const history = (
  faults: readonly Struck[],
  seen: Partial<Timeline>,
  more: Partial<History> = {},
): History => ({
  timeline: {
    ...{ from: -500, until: 60_000, faults: [], owners: [], contests: [], lanes: [], events: [] },
    ...seen,
  },
  ...{ begunAt: 0, struck: faults, logs: [], left: [] },
  ...more,
});
const texts = (of: History, cluster = campus) => violations(cluster, of).map(({ text }) => text);
const translated = { ...campus, services: campus.services.map((one) => ({ ...one, mode: "nat" as const })) };

const off = struck("lb-a off", 0, 4_000);

test("an address may be silent for as long as the fault costs, and no longer, while another node is whole", () => {
  expect(texts(history([off], { lanes: [lane("address", 5, 105)] }))).toEqual([]);
  expect(texts(history([off], { lanes: [lane("address", 5, 900)] }))).toEqual([
    expect.stringContaining("address was silent for 895 ms, at most"),
  ]);
  expect(texts(history([off], { lanes: [lane("address", 5, 900), lane("pause", 5, 850)] }))).toEqual([]);
});

test("an address that is silent for no reason is a violation, also long after a fault", () => {
  expect(texts(history([], { lanes: [lane("address", 5, 205)] }))).toHaveLength(1);
  expect(texts(history([off], { lanes: [lane("address", 30_000, 30_200)] }))).toHaveLength(1);
});

test("nobody has to answer while no node is whole, and nobody has to greet while no server is", () => {
  const both = [off, struck("SIGKILL of keepalived on lb-b", 100, 3_000)];
  expect(texts(history(both, { lanes: [lane("address", 5, 9_000)] }))).toEqual([]);
  const servers = ["c1", "c2", "c3"].map((name) => struck(`SIGKILL of controller on ${name}`, 0, 30_000));
  expect(texts(history(servers, { lanes: [lane("service", 5, 29_000)] }))).toEqual([]);
  expect(texts(history(servers.slice(1), { lanes: [lane("service", 5, 29_000)] }))).toHaveLength(1);
});

test("an agent that is away finds nothing until it is back", () => {
  const dead = struck("lb-a - switches passes nothing", 0, 9_000);
  const lanes = [lane("address", 5, 6_000)];
  expect(texts(history([dead], { lanes }))).toHaveLength(1);
  expect(texts(history([dead, struck("SIGKILL of holdfast-agent on lb-a", 0, 100)], { lanes }))).toEqual([]);
});

test("two owners are bounded, and never without an alarm", () => {
  const contests = [{ network: "switches", from: 0, until: 2_500 }];
  expect(texts(history([off], { contests }))).toEqual([
    expect.stringContaining("switches had two owners for 2500 ms, at most"),
    "switches had two owners for 2500 ms, and no agent told",
  ]);
  const events = [{ at: 1_100, node: "lb-a", kind: "two-owners", text: "two owners" }] as const;
  expect(texts(history([off], { contests, events }))).toHaveLength(1);
  expect(texts(history([off], { contests: [{ network: "switches", from: 0, until: 30 }] }))).toEqual([]);
});

test("a stranger's answer is one too many", () => {
  expect(texts(history([], { lanes: [lane("stranger", 7, 7, "not 10.0.1.100")] }))).toEqual([
    "a client was answered by an address that is not 10.0.1.100",
  ]);
});

test("a translated session outlives a single fault of a load balancer if it had a second to be copied", () => {
  const late = { ...off, from: 5_000, until: 9_000 };
  const ended = (silent: Lane["silent"]) =>
    history([late], { lanes: [{ kind: "session", name: "s", silent }] });
  expect(texts(ended([{ from: 5_060, until: 5_200 }]), translated)).toEqual([
    "the session s ended after a single fault: lb-a off",
  ]);
  expect(texts(ended([{ from: 5_060, until: 5_200 }]))).toEqual([]);
  const young = [
    { from: 4_000, until: 4_500 },
    { from: 5_060, until: 5_200 },
  ];
  expect(texts(ended(young.slice(1)), translated)).toHaveLength(1);
  expect(texts(ended([...young].reverse()), translated)).toEqual([]);
  const server = struck("SIGKILL of controller on c1", 4_000, 4_500);
  const two = { ...ended([{ from: 5_060, until: 5_200 }]), struck: [server, late] };
  expect(texts(two, translated)).toEqual([]);
});

test("what an agent told once stands in its log for ever", () => {
  const event = (sequence: number, text: string): Event => ({
    ...{ sequence, at: "2026-11-25T00:00:00.000Z", node: "lb-a", kind: "fault", text, details: {} },
  });
  const [one, two, three] = [event(1, "one"), event(2, "two"), event(3, "three")];
  const logs = (...each: Event[][]) => texts(history([], {}, { logs: each }));
  expect(logs([one, two], [one, two, three], [two, three])).toEqual([]);
  expect(logs([one, two], [one, three])).toEqual(["event 2 of lb-a is gone: two"]);
  expect(logs([one, two], [one, event(2, "other")])).toEqual(["event 2 of lb-a is another one: two"]);
});

test("what is left behind is a violation", () => {
  expect(texts(history([], {}, { left: ["lb-b has 10.0.1.100 and is not active"] }))).toHaveLength(1);
});
