import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HaproxySession } from "../../../src/agent/engines/haproxy-session.js";

/** A process of its own that answers everything with its prompt, but for `sleep`. */
const program = `
  require("node:net").createServer((socket) => socket.on("data", (line) => {
    if (!String(line).startsWith("sleep")) socket.write("answer\\n\\n> ");
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
  expect(await answer).toBe("answer\n");
  session.close();
});

test("a HAProxy that does not answer is late", async () => {
  const session = await HaproxySession.open(path, () => undefined);
  await expect(session.command("sleep", 50)).rejects.toThrow("HAProxy did not answer within 50 ms");
});
