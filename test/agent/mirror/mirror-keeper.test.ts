import { pino } from "pino";
import { expect, test } from "vitest";
import type { Happening } from "../../../src/agent/events/log.js";
import { MirrorKeeper, type StreamPeer } from "../../../src/agent/mirror/mirror-keeper.js";
import type { MirrorProcessListener } from "../../../src/agent/mirror/mirror-process.js";
import type { StreamSeries } from "../../../src/api/mirror.js";
import type { MirrorTask } from "../../../src/mirror/mirrors-of.js";
import type { Order } from "../../../src/mirror/process/words.js";

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

function keeper(peers: readonly StreamPeer[] = []) {
  const orders: Order[] = [];
  const events: Happening[] = [];
  const workers: { listener: MirrorProcessListener; stopped: boolean }[] = [];
  const it = new MirrorKeeper({
    ...{ peers: () => peers, tell: (event) => void events.push(event), now: () => 0 },
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
  return { it, of, events, workers };
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

test("a process that starts again is told all that is known", () => {
  const { it, of, workers } = keeper();
  it.follow([task(true)], []);
  it.hear("lb-a", series(0, true, ["a"]));
  it.follow([task(true)], ["openflow"]);
  workers[0]?.listener.word({
    kind: "streams",
    news: { service: "openflow", told: [{ key: "c", position: 5, waiting: 0, memory }], gone: [] },
  });
  const before = of("inherit").length;
  workers[0]?.listener.started();
  expect(
    of("inherit")
      .slice(before)
      .flatMap(({ streams }) => streams.map(({ key }) => key)),
  ).toEqual(["a", "c"]);
  expect(of("active").at(-1)?.services).toEqual(["openflow"]);
});

test("an agent that starts where the virtual IPs are asks its peers what it knew, once", async () => {
  let asked = 0;
  const peer: StreamPeer = {
    node: "lb-b",
    tellStreams: async () => ({ whole: false }),
    async keptStreams() {
      asked += 1;
      return [{ service: "openflow", told: [{ key: "a", position: 9, waiting: 0, memory }], gone: [] }];
    },
  };
  const { it, of } = keeper([peer]);
  it.follow([task(false)], ["openflow"]);
  await expect
    .poll(() => of("inherit").flatMap(({ streams }) => streams.map(({ key }) => key)))
    .toEqual(["a"]);
  it.follow([task(false)], []);
  it.follow([task(false)], ["openflow"]);
  expect(asked).toBe(1);
});

test("of a process that ended nothing is said any more but that", () => {
  const { it, workers } = keeper();
  it.follow([task(true)], ["openflow"]);
  workers[0]?.listener.word({
    kind: "report",
    mirrors: [{ service: "openflow", trouble: null, refused: 0, switches: [] }],
  });
  workers[0]?.listener.ended("SIGKILL");
  expect(it.reports.map(({ trouble }) => trouble)).toEqual(["the process that mirrors ended by SIGKILL"]);
});

test("reports are shown while the virtual IPs are here", () => {
  const { it, workers } = keeper();
  it.follow([task(true)], ["openflow"]);
  workers[0]?.listener.word({
    kind: "report",
    mirrors: [{ service: "openflow", trouble: null, refused: 0, switches: [] }],
  });
  expect(it.reports).toHaveLength(1);
  it.follow([task(true)], []);
  expect(it.reports).toEqual([]);
});
