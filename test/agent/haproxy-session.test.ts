import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { HaproxySession } from "../../src/agent/haproxy-session.js";

const directory = mkdtempSync(join(tmpdir(), "holdfast-session-"));
const path = join(directory, "admin.sock");

/** A process of its own that answers everything with its prompt, but for `sleep`. */
const program = `
  require("node:net").createServer((socket) => socket.on("data", (line) => {
    if (!String(line).startsWith("sleep")) socket.write("answer\\n\\n> ");
  })).listen(${JSON.stringify(path)}, () => console.log("listens"));`;
const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
await once(child.stdout, "data");

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
