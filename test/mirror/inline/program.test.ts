import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { multiplexerLine } from "../../../src/agent/mirror/multiplexer-line.js";
import { ask } from "../../../src/host/ask.js";
import { MultiplexerProgram } from "../../../src/mirror/inline/program.js";
import { recordsIn } from "../../../src/mirror/multiplexer/audit-record.js";
import { helloFor } from "../../../src/mirror/openflow/hello.js";
import { message } from "../../../src/mirror/openflow/message.js";
import type { MirrorReport } from "../../../src/mirror/report.js";
import { doorIn } from "../../../src/render/multiplexer-doors.js";
import { listening } from "../../openflow-load/listening.js";
import { features } from "../session/dialogue.js";
import { proxied } from "./proxied.js";

const hello = helloFor(4, 1);
let directory: string;
let pool: Awaited<ReturnType<typeof listening>>;
let other: Awaited<ReturnType<typeof listening>>;
let master: Awaited<ReturnType<typeof listening>>;
let program: MultiplexerProgram | null;
let said: string[];
const sockets: Socket[] = [];

const greets = (socket: Socket) => socket.on("error", () => undefined).write(hello);

const masters: Socket[] = [];
const masterGreets = (socket: Socket) => {
  masters.push(socket);
  greets(socket);
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "multiplexer-"));
  [pool, other, master] = [await listening(greets), await listening(greets), await listening(masterGreets)];
  [program, said] = [null, []];
  masters.length = 0;
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await program?.end();
  for (const controller of [pool, other, master]) await controller.end();
  await rm(directory, { recursive: true });
});

const places = () => ({
  file: join(directory, "multiplexer.json"),
  doors: join(directory, "doors"),
  reports: join(directory, "reports.sock"),
  group: process.getgid?.() ?? 0,
});
const door = (server: string, service = "openflow") => doorIn(join(places().doors, service), server);

/** The file names these servers of one service, each with its controller's port. */
const writes = (
  servers: Readonly<Record<string, number>>,
  rest: { master?: number; audit?: { file: string }; writes?: "error" } = {},
) =>
  writeFile(
    places().file,
    JSON.stringify({
      services: [
        {
          name: "openflow",
          directory: join(places().doors, "openflow"),
          master: { address: "127.0.0.1", port: rest.master ?? master.port, queue: 65_536 },
          replies: "forward",
          writes: rest.writes ?? "forward",
          ...(rest.audit ? { audit: rest.audit } : {}),
          servers: Object.entries(servers).map(([name, port]) => ({ name, address: "127.0.0.1", port })),
        },
      ],
    }),
  );

async function starts(): Promise<MultiplexerProgram> {
  const log = pino({}, { write: (line: string) => void said.push(line) });
  program = await MultiplexerProgram.start(places(), log);
  await program.reload();
  return program;
}

/** HAProxy connects for a switch, which has a session as soon as the controller behind greets. */
async function comes(server: string, port = 40_001): Promise<Socket> {
  const socket = connect(door(server));
  sockets.push(socket);
  socket.write(Buffer.concat([proxied("10.0.1.7", port), hello]));
  await once(socket, "data");
  return socket;
}

async function reported(): Promise<readonly MirrorReport[]> {
  const socket = connect(places().reports);
  sockets.push(socket);
  for await (const line of createInterface({ input: socket })) return multiplexerLine(line).services;
  throw new Error("nothing was told");
}

test("HAProxy's group alone may connect, and root alone is told what is copied", async () => {
  await writes({ c1: pool.port });
  await starts();
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  expect([places().doors, join(places().doors, "openflow"), door("c1"), places().reports].map(mode)).toEqual([
    "750",
    "750",
    "660",
    "600",
  ]);
});

test("a server more and one less: the others' sessions go on, and those of the one that left end", async () => {
  await writes({ c1: pool.port, c2: pool.port });
  const running = await starts();
  const [stays, leaves] = [await comes("c1"), await comes("c2")];
  await writes({ c1: pool.port, c3: other.port });
  await running.reload();
  await expect.poll(() => leaves.destroyed || leaves.readableEnded, { timeout: 5_000 }).toBe(true);
  expect(existsSync(door("c2"))).toBe(false);
  await comes("c3");
  stays.write(message(4, 2, 7));
  expect((await reported())[0]?.switches.map(({ client }) => client)).toEqual([
    "10.0.1.7 40001",
    "10.0.1.7 40001",
  ]);
  expect(stays.destroyed || stays.readableEnded).toBe(false);
});

test("a switch whose controller has just gone has another one, until that leaves, too; a check fails", async () => {
  await pool.end();
  await writes({ c1: pool.port, c2: other.port });
  const running = await starts();
  const session = await comes("c1");
  const check = connect(door("c1"));
  sockets.push(check);
  let heard = 0;
  check
    .on("error", () => undefined)
    .on("data", ({ length }) => {
      heard += length;
    });
  check.write(Buffer.concat([proxied(null, 0), hello]));
  await expect.poll(() => check.destroyed || check.readableEnded, { timeout: 5_000 }).toBe(true);
  expect([heard, session.destroyed || session.readableEnded]).toEqual([0, false]);
  await writes({ c1: pool.port });
  await running.reload();
  await expect.poll(() => session.destroyed || session.readableEnded, { timeout: 5_000 }).toBe(true);
});

test("another controller behind the same name, or another master controller, has the sessions begin anew", async () => {
  await writes({ c1: pool.port, c2: pool.port });
  const running = await starts();
  const [moves, stays] = [await comes("c1"), await comes("c2")];
  await writes({ c1: other.port, c2: pool.port });
  await running.reload();
  await expect.poll(() => moves.destroyed || moves.readableEnded, { timeout: 5_000 }).toBe(true);
  await comes("c1");
  expect(stays.destroyed || stays.readableEnded).toBe(false);
  await writes({ c1: other.port, c2: pool.port }, { master: other.port });
  await running.reload();
  await expect.poll(() => stays.destroyed || stays.readableEnded, { timeout: 5_000 }).toBe(true);
  await comes("c2");
});

test("a service that left leaves nothing behind", async () => {
  await writes({ c1: pool.port });
  const running = await starts();
  await writeFile(places().file, '{"services":[]}');
  await running.reload();
  expect(existsSync(join(places().doors, "openflow"))).toBe(false);
  expect(await reported()).toEqual([]);
});

test.each([
  ["is no JSON", "{"],
  ["says something else", '{"services":[{"name":"../openflow"}]}'],
])("a file that %s changes nothing, and the log says why", async (_, text) => {
  await writes({ c1: pool.port });
  const running = await starts();
  const session = await comes("c1");
  await writeFile(places().file, text);
  await running.reload();
  expect(said.at(-1)).toContain("what was served before goes on");
  await comes("c1", 40_002);
  expect(session.destroyed || session.readableEnded).toBe(false);
});

test("the sockets of one that was killed give way, also those that nobody asks for any more", async () => {
  await mkdir(join(places().doors, "openflow"), { recursive: true });
  await mkdir(join(places().doors, "gone"));
  for (const path of [door("c1"), door("c9", "gone"), places().reports]) await writeFile(path, "");
  await writes({ c1: pool.port });
  await starts();
  await comes("c1");
  expect(existsSync(door("c9", "gone"))).toBe(false);
  expect(await reported()).toHaveLength(1);
});

test("a second one does not begin, and the first one's sessions go on", async () => {
  await writes({ c1: pool.port });
  await starts();
  await comes("c1");
  await expect(MultiplexerProgram.start(places(), pino({ enabled: false }))).rejects.toThrow(/end it first/);
  await comes("c1", 40_002);
});

test("who says that he will say nothing more is told once", async () => {
  await writes({ c1: pool.port });
  await starts();
  expect(JSON.parse(await ask(places().reports, "", 5_000))).toMatchObject({
    services: [{ service: "openflow", exchange: { unmatched: 0, shed: 0, expired: 0 } }],
  });
});

test("a server whose socket cannot be made is told, and the others are served", async () => {
  await writes({ c1: pool.port, ["n".repeat(120)]: pool.port });
  await starts();
  await comes("c1");
  expect((await reported())[0]?.trouble).toMatch(/^n+ has no socket: /);
});

test("at its end every session ends, and no socket is left", async () => {
  await writes({ c1: pool.port });
  const running = await starts();
  const session = await comes("c1");
  program = null;
  await running.end();
  await expect.poll(() => session.destroyed || session.readableEnded, { timeout: 5_000 }).toBe(true);
  expect([places().doors, places().reports].filter(existsSync)).toEqual([]);
});

test("what a switch said stays counted when its session ended", async () => {
  await writes({ c1: pool.port });
  await starts();
  const identified = async (port: number): Promise<Socket> => {
    const session = await comes("c1", port);
    session.write(features(4));
    return session;
  };
  const first = await identified(40_001);
  const messages = async () => (await reported())[0]?.switches.map((each) => each.messages);
  await expect.poll(messages, { timeout: 5_000 }).toEqual([2]);
  first.destroy();
  await expect.poll(messages, { timeout: 5_000 }).toEqual([]);
  await identified(40_002);
  await expect.poll(messages, { timeout: 5_000 }).toEqual([4]);
});

const written = async (file: string) => [...recordsIn(await readFile(file))];

test("a socket that somebody removed is made again as the file is read, and the sessions by it go on", async () => {
  await writes({ c1: pool.port });
  const running = await starts();
  const session = await comes("c1");
  await rm(join(places().doors, "openflow"), { recursive: true });
  await running.reload();
  await comes("c1", 40_002);
  expect(session.destroyed || session.readableEnded).toBe(false);
  expect((await reported())[0]?.trouble).toBeNull();
});

test("what controllers say is written where the file asks for it, and nothing is lost at the end", async () => {
  const file = join(directory, "audit");
  await writes({ c1: pool.port }, { audit: { file } });
  const running = await starts();
  expect((await reported())[0]?.audit).toEqual({ dropped: 0, trouble: null });
  const before = BigInt(Date.now() - 60_000) * 1_000n;
  await comes("c1");
  program = null;
  await running.end();
  const [first] = await written(file);
  expect(first).toMatchObject({ from: "pool", client: "10.0.1.7 40001", message: hello });
  expect(first?.at).toBeGreaterThan(before);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("what did not reach the switch is written as that: a greeting, and what is refused", async () => {
  const file = join(directory, "audit");
  await writes({ c1: pool.port }, { audit: { file }, writes: "error" });
  const running = await starts();
  const session = await comes("c1");
  session.write(features(4));
  const linked = async () => (await reported())[0]?.switches[0]?.state;
  await expect.poll(linked, { timeout: 5_000 }).toBe("live");
  masters.at(-1)?.write(Buffer.concat([message(4, 14, 1_000, Buffer.alloc(48)), message(4, 20, 1_001)]));
  await expect.poll(async () => (await reported())[0]?.switches[0]?.writes, { timeout: 5_000 }).toBe(1);
  program = null;
  await running.end();
  const ofMaster = (await written(file)).filter(({ from }) => from === "master");
  expect(ofMaster.map(({ message: said, reached }) => [said.readUInt32BE(4), reached])).toEqual([
    [1, false],
    [1_000, false],
    [1_001, true],
  ]);
});

test("an audit that comes, moves or goes ends no session", async () => {
  await writes({ c1: pool.port });
  const running = await starts();
  const session = await comes("c1");
  expect((await reported())[0]).not.toHaveProperty("audit");
  for (const file of ["one", "two"].map((name) => join(directory, name))) {
    await writes({ c1: pool.port }, { audit: { file } });
    await running.reload();
    await comes("c1", 40_002);
    await expect.poll(() => existsSync(file), { timeout: 5_000 }).toBe(true);
  }
  await writes({ c1: pool.port });
  await running.reload();
  expect((await reported())[0]).not.toHaveProperty("audit");
  expect(session.destroyed || session.readableEnded).toBe(false);
});

test("an audit that cannot be written is told, and holds nobody", async () => {
  await writes({ c1: pool.port }, { audit: { file: join(directory, "missing", "audit") } });
  await starts();
  await comes("c1");
  const audit = async () => (await reported())[0]?.audit;
  await expect.poll(audit, { timeout: 5_000 }).toMatchObject({ trouble: expect.stringContaining("ENOENT") });
  expect((await audit())?.dropped).toBeGreaterThan(0);
  expect((await reported())[0]?.trouble).toBeNull();
});
