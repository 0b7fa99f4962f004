import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { transpiled } from "./transpiled.js";

let directory: string;
let program: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdfast-follower-"));
  program = await transpiled("test/engines/follower-child.ts", join(directory, "program"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const read = (path: string) => readFile(path, "utf8").catch(() => "");

test("what an agent follows ends with it, also when it is killed", async () => {
  const agent = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  await once(agent.stdout, "data");
  const children = async () => (await read(`/proc/${agent.pid}/task/${agent.pid}/children`)).trim();
  await expect.poll(children).toMatch(/^\d+$/);
  const follower = await children();
  const commandOf = () => read(`/proc/${follower}/cmdline`);
  await expect.poll(commandOf).toBe("ip\0monitor\0route\0");
  agent.kill("SIGKILL");
  await expect.poll(commandOf).toBe("");
});
