import { expect, test } from "vitest";
import { holds } from "../../bench/bench.js";
import { questions } from "../../bench/questions.js";
import { rows, type Seen } from "../../bench/shared-soak-rows.js";

const datapaths = ["0000000000000001", "0000000000000002"];

/** A minute of a master controller that asks twice a second and is answered. */
const minute = Array.from({ length: 120 }, (_, xid) => xid).flatMap((xid) =>
  datapaths.flatMap((datapath) =>
    ["ports", "flows", "barrier", "error"].flatMap((kind) => [
      `asked ${datapath} ${xid}${kind.length} ${kind}`,
      `${kind} ${datapath} ${xid}${kind.length}`,
    ]),
  ),
);

const mirror = {
  ...({
    via: "inline",
    to: "master",
    connected: 2,
    switches: 2,
    messages: 9,
    dropped: 0,
    queued: 0,
  } as const),
  ...{ resyncs: 0, lost_bytes: 0, shed: 0, unmatched: 0, why: null },
};

const clean: Seen = {
  ...{ minutes: 1, datapaths, holders: datapaths, mirror },
  switches: [1, 2].map(() => ({ connections: 1, words: [] })),
  pool: { before: datapaths.map((datapath) => `came ${datapath}`), lines: [], complaints: [] },
  master: { lines: minute, from: 0, to: minute.length },
  pings: { sent: 3, answered: 3, learned: 3 },
};

const failing = (change: Partial<Seen>): string[] =>
  rows({ ...clean, ...change })
    .filter((bar) => !holds(bar))
    .map(({ name }) => name);

const master = (lines: readonly string[]): Partial<Seen> => ({
  master: { lines, from: 0, to: lines.length },
});
const without = (pattern: RegExp) => master(minute.filter((line) => !pattern.test(line)));

test("a soak in which nothing is wrong holds every row", () => {
  expect(failing({})).toEqual([]);
});

test.each<[string, Partial<Seen>, RegExp[]]>([
  [
    "a switch's connection ends",
    {
      switches: [{ connections: 1, words: ["connection closed by peer"] }, clean.switches[1]].flatMap(
        (s) => s ?? [],
      ),
    },
    [/^words of the switches/],
  ],
  [
    "a switch never had one",
    { switches: [0, 1].map((connections) => ({ connections, words: [] })) },
    [/^words of the switches/],
  ],
  [
    "a session at the pool ends",
    { pool: { ...clean.pool, lines: [`gone ${datapaths[0]}`] } },
    [/^sessions at the pool/],
  ],
  ["the pool never had a switch", { pool: { ...clean.pool, before: [] } }, [/^sessions at the pool/]],
  ["one at the master ends", master([...minute, `gone ${datapaths[1]}`]), [/^sessions at the master/]],
  ["the master asks nothing", master([]), [/^rounds/, /port stat/, /flow stat/, /^barriers/, /^mistakes/]],
  ["one question is not answered", without(/^ports \S+1 905$/), [/port stat/]],
  ["no error comes back", without(/^error /), [/^mistakes/]],
  ["no mistake is made", without(/error/), [/^mistakes/]],
  [
    "an error comes to the wrong one",
    master([...minute, `error ${datapaths[0]} 1 2 9`]),
    [/^answers to the master/],
  ],
  ["an answer comes twice", master([...minute, `ports ${datapaths[0]} 905 3`]), [/^answers to the master/]],
  ["a switch lost the flow", { holders: datapaths.slice(1) }, [/^switches without/]],
  [
    "an error comes to the pool",
    { pool: { ...clean.pool, lines: [`unasked ${datapaths[0]} OFPErrorMsg 2 9`] } },
    [/^errors and answers to the pool/],
  ],
  [
    "the pool's controller complains",
    { pool: { ...clean.pool, complaints: ["RuntimeError"] } },
    [/^errors and answers to the pool/],
  ],
  ["a ping is lost", { pings: { sent: 3, answered: 2, learned: 3 } }, [/^marked pings that/]],
  ["a ping needed nobody", { pings: { sent: 3, answered: 3, learned: 2 } }, [/^marked pings for/]],
  ["no ping is sent", { pings: { sent: 0, answered: 0, learned: 0 } }, [/^marked/, /^marked/]],
  ["an answer matches nothing", { mirror: { ...mirror, unmatched: 1 } }, [/matched nobody/]],
  ["a question is shed", { mirror: { ...mirror, shed: 1 } }, [/shed/]],
  ["a switch is not shared at the end", { mirror: { ...mirror, connected: 1 } }, [/matched nobody/, /shed/]],
  ["no node tells of the mirror", { mirror: undefined }, [/matched nobody/, /shed/]],
])("where %s, that row alone fails", (_, change, expected) => {
  const names = failing(change);
  expect(names).toHaveLength(expected.length);
  for (const [index, pattern] of expected.entries()) expect(names[index]).toMatch(pattern);
});

test("a question counts where it was asked, whenever it is answered", () => {
  const lines = [
    "asked 1 1 ports",
    "asked 1 2 ports",
    "ports 1 1",
    "asked 1 3 ports",
    "ports 1 2",
    "ports 1 3",
  ];
  const { of, strays } = questions(lines, { from: 1, to: 3 });
  expect(of("1", "ports")).toEqual({ asked: 1, answered: 1 });
  expect(strays).toEqual([]);
});
