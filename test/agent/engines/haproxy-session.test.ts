import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HaproxySession } from "../../../src/agent/engines/haproxy-session.js";

/** A process of its own that answers each command of a line, and prompts, in two pieces, but for `sleep`. */
const program = `
  require("node:net").createServer((socket) => socket.on("data", (line) => {
    if (String(line) === "sleep\\n") return;
    const answers = String(line).trim().split(";").map((command) => command + ": yes\\n\\n> ").join("");
    socket.write(answers.slice(0, -8));
    setTimeout(() => socket.write(answers.slice(-8)), 10);
  })).listen(process.argv[1], () => console.log("listens"));`;

// In hooks, so that nothing is left behind where no test of this file runs.
let child: ChildProcessByStdio<null, Readable, null>;
let directory: string;
let path: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "holdfast-session-"));
  path = join(directory, "admin.sock");
  child = spawn(process.execPath, ["-e", program, path], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
});
afterAll(() => {
  child.kill();
  rmSync(directory, { recursive: true });
});

test("an answer that came while the agent stood still is in time", async () => {
  const session = await HaproxySession.open(path, () => undefined);
  const answer = session.command("show info", 50);
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300));
  expect(await answer).toBe("show info: yes\n");
  session.close();
});

test("a HAProxy that does not answer is late", async () => {
  const session = await HaproxySession.open(path, () => undefined);
  await expect(session.command("sleep", 50)).rejects.toThrow("HAProxy did not answer within 50 ms");
});

test("commands that are asked together each have their own answer", async () => {
  const session = await HaproxySession.open(path, () => undefined);
  expect(await session.commands(["show stat", "show info"], 1_000)).toEqual([
    "show stat: yes\n",
    "show info: yes\n",
  ]);
  expect(await session.command("show env", 1_000)).toBe("show env: yes\n");
  session.close();
});
