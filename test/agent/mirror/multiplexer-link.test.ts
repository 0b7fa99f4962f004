import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MultiplexerLink } from "../../../src/agent/mirror/multiplexer-link.js";

let directory: string;
let path: string;
let happened: string[];
let link: MultiplexerLink;
let speaker: ChildProcess;

/** Says who it is, and then that it lives; SIGUSR1 keeps it busy for a second, and SIGUSR2 for good. */
const speaking = `
  const server = require("node:net").createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.write(JSON.stringify({ pid: process.pid, services: [] }) + "\\n");
    setInterval(() => socket.write("\\n"), 100);
  });
  const busy = (milliseconds) => { for (const end = Date.now() + milliseconds; Date.now() < end; ); };
  process.on("SIGUSR1", () => busy(1_000));
  process.on("SIGUSR2", () => busy(60_000));
  server.listen(process.argv[1]);
`;

async function speaks(): Promise<ChildProcess> {
  await rm(path, { force: true });
  return spawn(process.execPath, ["-e", speaking, path], { stdio: "inherit" });
}
const until = (what: () => unknown) => expect.poll(what, { timeout: 20_000 });
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "link-"));
  path = join(directory, "multiplexer.sock");
  happened = [];
  link = new MultiplexerLink(path, {
    line: ({ pid }) => happened.push(`line of ${pid}`),
    killed: (pid, wasStopped) => happened.push(`killed ${pid}, ${wasStopped ? "stopped" : "busy"}`),
    gone: () => happened.push("gone"),
  });
  speaker = await speaks();
  link.start();
  await until(() => happened).toEqual([`line of ${speaker.pid}`]);
});
afterEach(async () => {
  link.stop();
  speaker.kill("SIGKILL");
  await rm(directory, { recursive: true });
});

test("a process that is stopped is killed, and the next one is heard", async () => {
  const dead = once(speaker, "exit");
  speaker.kill("SIGSTOP");
  expect(await dead).toEqual([null, "SIGKILL"]);
  expect(happened.slice(1)).toEqual([`killed ${speaker.pid}, stopped`]);
  speaker = await speaks();
  await until(() => happened.at(-1)).toBe(`line of ${speaker.pid}`);
});

test("one that is busy for a moment is not, and one that stays busy is", async () => {
  const dead = once(speaker, "exit");
  speaker.kill("SIGUSR1");
  await pause(1_500);
  expect([speaker.exitCode, speaker.signalCode, happened.length]).toEqual([null, null, 1]);
  speaker.kill("SIGUSR2");
  expect(await dead).toEqual([null, "SIGKILL"]);
  expect(happened.slice(1)).toEqual([`killed ${speaker.pid}, busy`]);
});

test("one that ends is gone, and is said to be once", async () => {
  speaker.kill("SIGKILL");
  await until(() => happened.slice(1)).toEqual(["gone"]);
  await pause(500);
  expect(happened.slice(1)).toEqual(["gone"]);
});

test("one that says nothing and is there no more is gone", async () => {
  const child = spawn("true");
  await once(child, "exit");
  const silent = createServer((socket) => {
    socket.on("error", () => undefined).write(`${JSON.stringify({ pid: child.pid, services: [] })}\n`);
  });
  speaker.kill("SIGKILL");
  await until(() => happened.at(-1)).toBe("gone");
  await rm(path, { force: true });
  await new Promise<void>((done) => silent.listen(path, done));
  await until(() => happened.slice(2, 4)).toEqual([`line of ${child.pid}`, "gone"]);
  link.stop();
  silent.close();
});
