import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { afterEach, beforeEach, expect, test } from "vitest";
import { locked } from "../../src/host/lock.js";
import { type MachineRoot, machineRoot } from "./machine-root.js";

let machine: MachineRoot;
beforeEach(async () => {
  machine = await machineRoot();
});
afterEach(() => machine.remove());

test("a command gets its input and gives both outputs and its exit code", async () => {
  const result = await machine.host.run(["sh", "-c", "cat; echo oops >&2; exit 3"], { stdin: "in\n" });
  expect(result).toEqual({ exitCode: 3, stdout: "in\n", stderr: "oops\n" });
});

test("an argument is never seen by a shell", async () => {
  expect((await machine.host.run(["printf", "%s", "$(id) `id` ; id"])).stdout).toBe("$(id) `id` ; id");
});

test("a command that takes too long is killed with its children", async () => {
  const marker = `${3000 + (process.pid % 1000)}.25`;
  await expect(machine.host.run(["sh", "-c", `sleep ${marker} & wait`], { timeout: 100 })).rejects.toThrow(
    /not done within 100 ms/,
  );
  const left = await machine.host.run(["pgrep", "-f", `sleep ${marker}`]);
  expect(left.stdout).toBe("");
});

test("a program that is not installed is an error, a program that fails is a result", async () => {
  await expect(machine.host.run(["no-such-program"])).rejects.toThrow(/cannot run no-such-program/);
  expect((await machine.host.run(["false"])).exitCode).toBe(1);
  expect((await machine.host.run(["sh", "-c", "kill -KILL $$"])).exitCode).toBe(137);
});

test("a Unix socket is asked once and read to its end", async () => {
  await mkdir(join(machine.root, "run"));
  const answer = (socket: Socket) => socket.once("data", (data) => socket.end(`you said ${data}`));
  const server = createServer({ allowHalfOpen: true }, answer);
  await new Promise<void>((resolve) => server.listen(join(machine.root, "run/engine.sock"), resolve));
  expect(await machine.host.ask("/run/engine.sock", "show info\n")).toBe("you said show info\n");
  server.close();
});

test("a socket's path that the kernel would cut is refused, and a silent socket times out", async () => {
  await expect(machine.host.ask(`/run/${"x".repeat(120)}`, "")).rejects.toThrow(/at most 107 bytes/);
  await mkdir(join(machine.root, "run"));
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(join(machine.root, "run/silent.sock"), resolve));
  await expect(machine.host.ask("/run/silent.sock", "hello\n", 50)).rejects.toThrow(/no answer within 50 ms/);
  server.close();
});

test("only one holds the lock; the other is told at once, and then has its turn", async () => {
  const second = () => machine.host.lock(async () => "second");
  const first = await machine.host.lock(async () => {
    await expect(second()).rejects.toThrow(/test-machine: another holdfast command is at work/);
    return "first";
  });
  expect([first, await second()]).toEqual(["first", "second"]);
});

test("work that fails frees the lock", async () => {
  await expect(machine.host.lock(async () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await machine.host.lock(async () => "free")).toBe("free");
});

test("a holder that is killed leaves the lock free", async () => {
  const directory = await mkdtemp("node_modules/.holdfast-lock-"); // Below node_modules: the program imports execa.
  try {
    const source = transpileModule(await readFile("src/host/lock.ts", "utf8"), {
      compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2023 },
    }).outputText;
    const call = `await locked(process.argv[2], async () => { console.log("held"); await new Promise((r) => setTimeout(r, 60_000)); });`;
    await writeFile(join(directory, "hold.mjs"), `${source}\n${call}`);
    await mkdir(join(machine.root, "run"));
    const file = join(machine.root, "run/lock");
    const holder = spawn(process.execPath, [join(directory, "hold.mjs"), file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    await expect(locked(file, async () => "free")).rejects.toThrow(/another holdfast command/);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    await expect.poll(() => locked(file, async () => "free").catch(String)).toBe("free");
  } finally {
    await rm(directory, { recursive: true });
  }
});
