import { pino } from "pino";
import { expect, test } from "vitest";
import type { Happening } from "../../../src/agent/events/log.js";
import { MirrorKeeper } from "../../../src/agent/mirror/mirror-keeper.js";
import type { MirrorProcessListener } from "../../../src/agent/mirror/mirror-process.js";
import type { StreamFile } from "../../../src/agent/mirror/stream-file.js";
import type { StreamHearer } from "../../../src/agent/mirror/stream-spread.js";
import type { StreamSeries } from "../../../src/api/mirror.js";
import type { MirrorTask } from "../../../src/mirror/mirrors-of.js";
import type { Order, Word } from "../../../src/mirror/process/words.js";
import type { StreamNews } from "../../../src/mirror/stream-book.js";

const memory = { version: 4, hello: null, features: "AAAA", config: null, desc: null, ports: null };
const task = (outlives: boolean): MirrorTask => ({
  service: "openflow",
  endpoints: [{ family: 4, address: "10.0.1.100", port: 6653 }],
  place: { address: "10.0.2.10", port: 6653, writes: "error", queue: 4_194_304 },
  outlives,
});
const series = (
  number: number,
  begin: boolean,
  keys: readonly string[],
  gone: string[] = [],
): StreamSeries => ({
  ...{ run: "run", number, begin },
  news: [{ service: "openflow", told: keys.map((key) => ({ key, position: 1, waiting: 0, memory })), gone }],
});

/** What an agent left, and what is made of it. */
function fileWith(left: readonly StreamNews[] = []) {
  const it = { kept: left, reads: 0 };
  const file: StreamFile = {
    async read() {
      it.reads += 1;
      return [...it.kept];
    },
    async write(news) {
      it.kept = news;
      return 0;
    },
    async remove() {
      it.kept = [];
    },
  };
  const keys = () => it.kept.flatMap(({ told }) => told.map(({ key }) => key));
  return { file, keys, reads: () => it.reads };
}

function keeper(peers: readonly StreamHearer[] = [], { file } = fileWith()) {
  let now = 0;
  const orders: Order[] = [];
  const events: Happening[] = [];
  const workers: { listener: MirrorProcessListener; stopped: boolean }[] = [];
  const it = new MirrorKeeper({
    ...{ peers: () => peers, tell: (event) => void events.push(event), now: () => now, file },
    log: pino({ level: "silent" }),
    worker: (listener) => {
      const worker = { listener, stopped: false };
      workers.push(worker);
      return {
        start: () => listener.started(),
        send: (order) => void orders.push(order),
        stop: () => {
          worker.stopped = true;
        },
      };
    },
  });
  const of = <K extends Order["kind"]>(kind: K) =>
    orders.filter((order): order is Extract<Order, { kind: K }> => order.kind === kind);
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { it, of, events, workers, pass };
}

test("nothing runs without a mirror in the topology, and nothing goes on when it is taken out", () => {
  const { it, workers } = keeper();
  it.follow([], []);
  expect(workers).toEqual([]);
  it.follow([task(true)], []);
  expect(workers).toHaveLength(1);
  it.follow([task(true)], ["openflow"]);
  expect(workers).toHaveLength(1);
  it.follow([], []);
  expect(workers[0]?.stopped).toBe(true);
});

test("a standby's process knows the active node's streams beforehand, a nat service's alone", () => {
  for (const outlives of [true, false]) {
    const { it, of } = keeper();
    it.follow([task(outlives)], []);
    expect(it.hear("lb-a", series(0, true, ["a", "b"]))).toEqual({ whole: false });
    expect(it.hear("lb-a", series(1, false, [], ["b"]))).toEqual({ whole: false });
    expect(of("inherit").flatMap(({ streams }) => streams.map(({ key }) => key))).toEqual(
      outlives ? ["a", "b"] : [],
    );
    expect(of("disinherit").flatMap(({ keys }) => keys ?? ["all"])).toEqual(
      outlives ? ["all", "b"] : ["all"],
    );
  }
});

test("whoever mirrors here hears of no other, who is to say all when that has changed", () => {
  const { it, of } = keeper();
  it.follow([task(true)], ["openflow"]);
  expect(it.hear("lb-a", series(0, true, ["a"]))).toEqual({ whole: true });
  expect(of("inherit")).toEqual([]);
});

const inheritedBy = (orders: readonly Extract<Order, { kind: "inherit" }>[]) =>
  orders.flatMap(({ streams }) => streams.map(({ key }) => key));
const say = (keys: readonly string[], whole: boolean, gone: string[] = []): Word => ({
  kind: "streams",
  news: { service: "openflow", told: keys.map((key) => ({ key, position: 5, waiting: 0, memory })), gone },
  whole,
});

test("a standby's process that starts again is told what the peer told that began last, and of none before", () => {
  const { it, of, workers } = keeper();
  it.follow([task(true)], []);
  it.hear("lb-a", series(0, true, ["a"]));
  it.hear("lb-b", series(0, true, ["b"]));
  const before = of("inherit").length;
  workers[0]?.listener.started();
  expect(inheritedBy(of("inherit").slice(before))).toEqual(["b"]);
});

test("until its first word after a takeover, a process that starts again is told what the node before told; then what was told here", () => {
  const { it, of, workers } = keeper();
  const restarted = () => {
    const before = of("inherit").length;
    workers[0]?.listener.started();
    return inheritedBy(of("inherit").slice(before));
  };
  it.follow([task(true)], []);
  it.hear("lb-a", series(0, true, ["a", "b"]));
  it.follow([task(true)], ["openflow"]);
  expect(restarted()).toEqual(["a", "b"]);
  // "a" had ended before anything was told.
  workers[0]?.listener.word(say(["b", "c"], true));
  expect(restarted()).toEqual(["b", "c"]);
  workers[0]?.listener.word(say(["d"], false, ["b"]));
  expect(restarted()).toEqual(["c", "d"]);
  expect(of("active").at(-1)?.services).toEqual(["openflow"]);
  it.follow([task(true)], []);
  expect(restarted()).toEqual([]);
});

test("a mirror that begins anew, as its task is otherwise, is told what is known; one that goes on is told nothing", () => {
  const [as, other] = [task(true), { ...task(true), place: { ...task(true).place, queue: 65_536 } }];
  const { it, of, workers } = keeper();
  it.follow([as], []);
  it.hear("lb-a", series(0, true, ["a"]));
  it.follow([as], []);
  expect(inheritedBy(of("inherit"))).toEqual(["a"]);
  it.follow([other], []);
  expect(inheritedBy(of("inherit"))).toEqual(["a", "a"]);
  it.follow([other], ["openflow"]);
  workers[0]?.listener.word(say(["b"], true));
  it.follow([as], ["openflow"]);
  expect(inheritedBy(of("inherit"))).toEqual(["a", "a", "b"]);
});

test("a node that takes over hands on at once what it was told, so that a second death loses nothing", async () => {
  const told: StreamSeries[] = [];
  const peer: StreamHearer = {
    node: "lb-c",
    async tellStreams(each) {
      told.push(each);
      return { whole: false };
    },
  };
  const { it } = keeper([peer]);
  it.follow([task(true)], []);
  it.hear("lb-a", series(0, true, ["a"]));
  it.follow([task(true)], ["openflow"]);
  await expect.poll(() => told.flatMap(({ news }) => news.flatMap((each) => each.told))).toHaveLength(1);
  expect(told[0]?.begin).toBe(true);
});

const left = (key: string): StreamNews[] => [
  { service: "openflow", told: [{ key, position: 9, waiting: 0, memory }], gone: [] },
];

test("an agent that starts where the virtual IPs are goes on with what the one before it kept, once, whatever the service's mode", async () => {
  for (const outlives of [true, false]) {
    const files = fileWith(left("a"));
    const { it, of, workers } = keeper([], files);
    it.follow([task(outlives)], []);
    it.follow([task(outlives)], ["openflow"]);
    await expect.poll(() => inheritedBy(of("inherit"))).toEqual(["a"]);
    workers[0]?.listener.started();
    expect(inheritedBy(of("inherit"))).toEqual(["a", "a"]);
    it.follow([task(outlives)], []);
    await expect.poll(files.keys).toEqual([]);
    it.follow([task(outlives)], ["openflow"]);
    expect(files.reads()).toBe(1);
    it.stop();
  }
});

test("what is known is kept while this node mirrors, also what it took over, and no longer", async () => {
  const files = fileWith();
  const { it, workers, pass } = keeper([], files);
  it.follow([task(true)], []);
  it.hear("lb-a", series(0, true, ["a"]));
  pass(60_000);
  it.follow([task(true)], ["openflow"]);
  await expect.poll(files.keys).toEqual(["a"]);
  pass(60_000);
  workers[0]?.listener.word(say(["b"], true));
  await expect.poll(files.keys).toEqual(["b"]);
  it.stop();
  expect(files.keys()).toEqual(["b"]);
  it.follow([], []);
  await expect.poll(files.keys).toEqual([]);
});

test("an agent that starts where another node mirrors, or that is not active for long, lets go what the one before it kept", async () => {
  const starts: ((made: ReturnType<typeof keeper>) => void)[] = [
    ({ it }) => void it.hear("lb-b", series(0, true, ["b"])),
    ({ workers, pass }) => {
      pass(10_000);
      workers[0]?.listener.word({ kind: "report", mirrors: [] });
    },
  ];
  for (const start of starts) {
    const files = fileWith(left("a"));
    const made = keeper([], files);
    made.it.follow([task(true)], []);
    expect(files.keys()).toEqual(["a"]);
    start(made);
    await expect.poll(files.keys).toEqual([]);
    made.it.follow([task(true)], ["openflow"]);
    expect(files.reads()).toBe(0);
    made.it.stop();
  }
});

const reported: Word = {
  kind: "report",
  mirrors: [
    {
      ...{ service: "openflow", trouble: null, refused: 0, switches: [] },
      totals: { messages: 7, dropped: 0, resyncs: 0, lostBytes: 0 },
    },
  ],
};

test("of a process that hangs it is told at once that it says nothing, and its last report is shown no more", () => {
  const { it, workers, events } = keeper();
  it.follow([task(true)], ["openflow"]);
  workers[0]?.listener.word(reported);
  workers[0]?.listener.silent();
  expect(it.reports.map(({ trouble }) => trouble)).toEqual(["the process that mirrors says nothing"]);
  expect(it.reports[0]?.totals.messages).toBe(7);
  expect(events.map(({ text }) => text)).toEqual([
    "the master controller does not get the copy of openflow: nothing is copied: the process that mirrors says nothing",
  ]);
  workers[0]?.listener.word(reported);
  expect(events.at(-1)?.text).toBe("the master controller gets the copy of openflow again");
});

test("of a process that ended nothing is said any more but that", () => {
  const { it, workers } = keeper();
  it.follow([task(true)], ["openflow"]);
  workers[0]?.listener.word(reported);
  workers[0]?.listener.ended("SIGKILL");
  expect(it.reports.map(({ trouble }) => trouble)).toEqual(["the process that mirrors ended by SIGKILL"]);
});

test("reports are shown while the virtual IPs are here", () => {
  const { it, workers } = keeper();
  it.follow([task(true)], ["openflow"]);
  workers[0]?.listener.word(reported);
  expect(it.reports).toHaveLength(1);
  it.follow([task(true)], []);
  expect(it.reports).toEqual([]);
});
