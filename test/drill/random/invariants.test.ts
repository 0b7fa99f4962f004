import { expect, test } from "vitest";
import type { Event } from "../../../src/api/event.js";
import { blowsFor } from "../../../src/drill/random/blows.js";
import type { History, Struck } from "../../../src/drill/random/history.js";
import { violations } from "../../../src/drill/random/invariants.js";
import { judgedOf } from "../../../src/drill/random/served.js";
import type { Lane, Timeline } from "../../../src/drill/timeline.js";
import { campus } from "../campus.js";

const struck = (text: string, from: number, until: number, cluster = campus): Struck => {
  const blow = blowsFor(cluster).find(({ injection }) => injection.text === text);
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

test("a new session may wait for as long as the machine stood still at any time, an address only then", () => {
  const silent = (kind: "address" | "service", until: number) =>
    texts(history([], { lanes: [lane(kind, 5, until), lane("pause", 9_000, 9_080)] }));
  expect(silent("service", 155)).toEqual([]);
  expect(silent("service", 255)).toHaveLength(1);
  expect(silent("address", 155)).toHaveLength(1);
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
  const told = (text: string) =>
    history([off], { contests, events: [{ at: 1_100, node: "lb-a", kind: "two-owners", text }] });
  expect(texts(told("lb-a and lb-b both act as owner of controllers and switches"))).toHaveLength(1);
  expect(texts(told("lb-a and lb-b both act as owner of controllers"))).toHaveLength(2);
  expect(texts(told("lb-a and 10.0.1.9 both act as owner of switches"))).toHaveLength(2);
  expect(texts(told("lb-a and lb-b no longer both act as owner of switches"))).toHaveLength(2);
  expect(texts(history([off], { contests: [{ network: "switches", from: 0, until: 30 }] }))).toEqual([]);
});

test("nodes that hear no adverts of each other may both be owner until their agents have agreed", () => {
  const between = (from: number, until: number, faults: readonly Struck[]) =>
    texts(
      history(faults, {
        contests: [{ network: "switches", from, until }],
        events: [
          {
            ...{ at: from + 1_000, node: "lb-a", kind: "two-owners" },
            text: "lb-a and lb-b both act as owner of switches",
          },
        ],
      }),
    );
  const cut = [struck("adverts pass nowhere", 0, 9_000)];
  expect(between(100, 2_900, cut)).toEqual([]);
  expect(between(100, 8_000, cut)).toHaveLength(1);
  const mute = (network: string) => struck(`lb-a is not heard on ${network}`, 0, 9_000);
  expect(between(100, 2_900, [mute("switches")])).toHaveLength(1);
  expect(between(100, 2_900, [mute("switches"), mute("controllers")])).toEqual([]);
});

test("nodes that hear nothing of each other may both be owner for as long as that lasts, and cannot tell", () => {
  const between = (until: number, faults: readonly Struck[]) =>
    texts(history(faults, { contests: [{ network: "switches", from: 100, until }] }));
  expect(between(9_050, [struck("lb-a and lb-b apart", 0, 9_000)])).toEqual([]);
  expect(between(9_500, [struck("lb-a and lb-b apart", 0, 9_000)])).toHaveLength(1);
  expect(between(9_050, [struck("adverts pass nowhere", 0, 9_000)])).toHaveLength(2);
});

test("a HAProxy that only checks servers may be frozen for the time of a restart and nothing moves", () => {
  const silent = (until: number) => {
    const fault = struck("SIGSTOP of haproxy on lb-a", 0, until, translated);
    return texts(history([fault], { lanes: [lane("address", 1_000, 1_100)] }), translated);
  };
  expect(silent(2_000)).toHaveLength(1);
  expect(silent(5_000)).toEqual([]);
});

test("a link costs a move where servers are behind it, and nothing where nobody is", () => {
  const [switches, controllers] = campus.virtualIps;
  if (switches === undefined || controllers === undefined) throw new Error("campus has two virtual IPs");
  const plain = { ...campus, virtualIps: [switches] };
  const silent = (until: number, cluster: typeof campus) => {
    const fault = struck("link lb-a - controllers down", 0, 5_000, cluster);
    return texts(history([fault], { lanes: [lane("service", 0, until)] }), cluster);
  };
  expect(silent(250, plain)).toEqual([]);
  expect(silent(900, plain)).toHaveLength(1);
  const [service] = campus.services;
  const elsewhere = service && {
    ...plain,
    services: [{ ...service, servers: service.servers.map((one) => ({ ...one, address: "10.7.0.1" })) }],
  };
  expect(elsewhere && silent(250, elsewhere)).toHaveLength(1);
});

test("what goes on for as long as a fault is there is charged for as long", () => {
  const silent = (fault: Struck, until: number) =>
    texts(history([fault], { lanes: [lane("service", 0, until)] }));
  const lossy = (network: string) => struck(`30 % lost on lb-a - ${network}`, 0, 9_000);
  expect(silent(lossy("controllers"), 12_000)).toEqual([]);
  expect(silent(lossy("controllers"), 20_000)).toHaveLength(1);
  expect(silent(lossy("switches"), 12_000)).toHaveLength(1);
  const everyone = (until: number) => struck("SIGKILL of every controller", 0, until);
  expect(silent(everyone(2_000), 11_500)).toEqual([]);
  expect(silent(everyone(2_000), 13_500)).toHaveLength(1);
  expect(silent(everyone(6_000), 13_500)).toEqual([]);
});

test("a stranger's answer is one too many", () => {
  expect(texts(history([], { lanes: [lane("stranger", 7, 7, "not 10.0.1.100")] }))).toEqual([
    "a client was answered by an address that is not 10.0.1.100",
  ]);
});

test("a translated session outlives a single fault of a load balancer if it had a second to be copied", () => {
  const late = struck("lb-a off", 5_000, 9_000, translated);
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
  const server = struck("SIGKILL of controller on c1", 4_000, 4_500, translated);
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

test("who has to serve is whoever nothing was done to that keeps it from serving", () => {
  const harmless = [
    "SIGKILL of holdfast-agent on lb-b",
    "SIGKILL of conntrackd on lb-b",
    "10 % lost on lb-b - switches",
  ];
  for (const text of harmless)
    expect(
      texts(history([off, struck(text, 0, 4_000)], { lanes: [lane("address", 5, 3_000)] })),
    ).toHaveLength(1);
});

test("an agent that is away costs nothing where no agent has to find anything", () => {
  const gone = struck("SIGKILL of holdfast-agent on lb-b", 0, 100);
  expect(texts(history([gone], { lanes: [lane("address", 5, 3_000)] }))).toHaveLength(1);
  expect(texts(history([off, gone], { lanes: [lane("address", 5, 3_000)] }))).toHaveLength(1);
});

test("it is known for how long somebody had to serve", () => {
  const other = struck("SIGKILL of keepalived on lb-b", 1_000, 3_000);
  expect(judgedOf(campus, history([off], {}))).toEqual({ judged: 60_500, unjudged: 0 });
  expect(judgedOf(campus, history([off, other], {}))).toEqual({ judged: 52_500, unjudged: 8_000 });
});
