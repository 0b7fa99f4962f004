import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Happening } from "../../../src/agent/events/log.js";
import { MultiplexerReports } from "../../../src/agent/mirror/multiplexer-reports.js";
import { ReportSocket } from "../../../src/mirror/inline/report-socket.js";
import type { MirrorReport } from "../../../src/mirror/report.js";

let directory: string;
let path: string;
/** Milliseconds that were let go by beside the clock's own. */
let later: number;
let told: Happening[];
/** What was said of the way through it. */
let way: string[];
let reports: MultiplexerReports;
let multiplexer: ReportSocket | null;
let server: Server | null;
const sockets: Socket[] = [];

const ofService = (messages: number): MirrorReport => ({
  ...{ service: "openflow", trouble: null, refused: 0, switches: [] },
  totals: { messages, dropped: 0, resyncs: 0, lostBytes: 0 },
});
const speaks = async (report: () => object) => {
  multiplexer = await ReportSocket.open(path, () => ({ pid: process.pid, ...report() }));
};

/** Something listens at the multiplexer's socket, and this is done with whoever connects. */
async function listens(take: (socket: Socket) => void): Promise<void> {
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined).resume();
    take(socket);
  });
  await once(server.listen(path), "listening");
}

const until = (what: () => unknown) => expect.poll(what, { timeout: 10_000 });
const messages = () => reports.reports.map(({ totals }) => totals.messages);
const troubles = () => reports.reports.map(({ trouble }) => trouble);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "reports-"));
  path = join(directory, "multiplexer.sock");
  [later, told, way, multiplexer, server] = [0, [], [], null, null];
  reports = new MultiplexerReports({
    path,
    way: {
      open: (services) => void way.push(`open ${services}`),
      close: (services) => void way.push(`close ${services}`),
    },
    tell: (event) => told.push(event),
    now: () => performance.now() + later,
    pause: 50,
  });
});
afterEach(async () => {
  reports.stop();
  multiplexer?.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.close();
  await rm(directory, { recursive: true });
});

test("a node that is not the active one hears it, too, and goes on hearing", async () => {
  let count = 0;
  await speaks(() => {
    count += 1;
    return { services: [ofService(count), { ...ofService(0), service: "another" }] };
  });
  reports.follow(["openflow"], []);
  expect(reports.reports).toEqual([]);
  await until(() => messages()[0]).toBeGreaterThan(2);
  expect(reports.reports.map(({ service }) => service)).toEqual(["openflow"]);
});

test("nobody is asked where no session passes through it, or none any more", async () => {
  let connections = 0;
  await listens(() => {
    connections += 1;
  });
  reports.follow([], []);
  reports.follow(["openflow"], ["openflow"]);
  await until(() => connections).toBe(1);
  reports.follow([], []);
  await until(() => sockets[0]?.closed || sockets[0]?.readableEnded).toBe(true);
  expect([connections, reports.reports]).toEqual([1, []]);
});

test("one that is started again is heard again", async () => {
  await speaks(() => ({ services: [ofService(1)] }));
  reports.follow(["openflow"], []);
  await until(messages).toEqual([1]);
  multiplexer?.close();
  await speaks(() => ({ services: [ofService(2)] }));
  await until(messages).toEqual([2]);
});

test("no session goes by one that is gone, and they do again once it serves all of them", async () => {
  await speaks(() => ({ services: [ofService(1)] }));
  reports.follow(["openflow"], []);
  await until(messages).toEqual([1]);
  way = [];
  multiplexer?.close();
  await until(() => way).toEqual(["close openflow"]);
  const served: MirrorReport[] = [];
  await speaks(() => ({ services: served }));
  await until(messages).toEqual([0]);
  expect(way).toEqual(["close openflow"]);
  served.push(ofService(2));
  multiplexer?.tell();
  await until(() => way).toEqual(["close openflow", "open openflow"]);
});

test("an agent that ends closes no way", async () => {
  await speaks(() => ({ services: [ofService(1)] }));
  reports.follow(["openflow"], []);
  await until(messages).toEqual([1]);
  way = [];
  reports.stop();
  multiplexer?.close();
  await new Promise((done) => setTimeout(done, 300));
  expect(way).toEqual([]);
});

test("silence of five seconds says that sessions go past it; what it said last holds until then", async () => {
  await listens((socket) => socket.write(`${JSON.stringify({ services: [ofService(1)] })}\n`));
  reports.follow(["openflow"], []);
  await until(messages).toEqual([1]);
  for (const socket of sockets) socket.pause();
  later = 3_000;
  expect(troubles()).toEqual([null]);
  later = 60_000;
  expect(troubles()).toEqual([
    expect.stringMatching(/^the multiplexer does not answer: sessions go past it/),
  ]);
});

test("one that was never there is told after as long", () => {
  reports.follow(["openflow"], []);
  later = 4_000;
  expect(troubles()).toEqual([]);
  later = 6_000;
  expect(troubles()).toEqual([expect.stringContaining("does not answer")]);
});

test.each<[string, string]>([
  ["is no JSON", "{\n"],
  ["is something else", '{"services":[{"service":1}]}\n'],
  ["does not end", "x".repeat(34_000_000)],
])("a line that %s ends the connection, and another one is made", async (_, line) => {
  let connections = 0;
  await listens((socket) => {
    connections += 1;
    socket.write(connections === 1 ? line : `${JSON.stringify({ services: [ofService(5)] })}\n`);
  });
  reports.follow(["openflow"], []);
  await until(messages).toEqual([5]);
  expect(sockets[0]?.readableEnded || sockets[0]?.destroyed).toBe(true);
  expect(connections).toBe(2);
});

test("a service of which it says nothing is not served", async () => {
  await speaks(() => ({ services: [] }));
  reports.follow(["openflow"], []);
  await until(troubles).toEqual(["the multiplexer does not serve it"]);
});

test("the active node alone has an event of it, one as it goes and one as it comes back", async () => {
  reports.follow(["openflow"], []);
  later = 60_000;
  await new Promise((done) => setTimeout(done, 500));
  expect(told).toEqual([]);
  reports.follow(["openflow"], ["openflow"]);
  await until(() => told.map(({ text }) => text)).toEqual([
    expect.stringMatching(/does not get the copy of openflow: .*the multiplexer does not answer$/),
  ]);
  await speaks(() => ({ services: [{ ...ofService(1), trouble: "c1 has no socket: no space left" }] }));
  await until(() => told.length).toBe(2);
  expect(told[1]?.text).toBe("the master controller gets the copy of openflow again");
  expect(troubles()).toEqual(["c1 has no socket: no space left"]);
});
