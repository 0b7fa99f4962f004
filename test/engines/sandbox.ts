import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type Run, runner } from "../../src/host/run.js";
import type { RenderedFile } from "../../src/render/file.js";
import type { Node } from "../../src/topology/cluster.js";

/** A machine that exists for one test: its own network, processes, /run and /etc. */
export interface Sandbox extends AsyncDisposable {
  /** Its first process, as this test sees it. */
  readonly pid: string;
  readonly run: Run;
  /** Runs it and throws, with what it said, unless it exits 0. */
  must(...argv: string[]): Promise<string>;
  /** Puts files where they belong. */
  install(files: readonly (RenderedFile | Pick<RenderedFile, "path" | "mode" | "body">)[]): Promise<void>;
  /** Starts a program that runs until the sandbox goes. */
  start(...argv: string[]): void;
}

/** Its first process is a `cat` that ends, and everything in it, when this test's end of the pipe closes. */
export async function sandbox(): Promise<Sandbox> {
  const isolation = ["--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"];
  const unshare = spawn("unshare", [...isolation, "cat"], { stdio: ["pipe", "pipe", "inherit"] });
  const gone = once(unshare, "exit");
  unshare.stdin.write("ready\n");
  await Promise.race([once(unshare.stdout, "data"), gone]);
  const [first = ""] = (await readFile(`/proc/${unshare.pid}/task/${unshare.pid}/children`, "utf8")).split(
    " ",
  );
  if (first === "") throw new Error("no namespaces: these tests need root");
  const enter = ["nsenter", "--net", "--mount", "--pid", "--target", first, "--"];
  const run = runner(enter);

  async function must(...argv: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await run(argv);
    if (exitCode !== 0) throw new Error(`${argv.join(" ")} exited ${exitCode}: ${stderr}${stdout}`);
    return stdout;
  }

  await must("mount", "-t", "tmpfs", "tmpfs", "/run");
  await must("mkdir", "-p", "/run/etc/upper", "/run/etc/work", "/run/haproxy");
  await must(
    "mount",
    "-t",
    "overlay",
    "-o",
    "lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work",
    "etc",
    "/etc",
  );
  await must("ip", "link", "set", "lo", "up");
  return {
    pid: first,
    run,
    must,
    async install(files) {
      for (const { path, mode, body } of files) {
        await must("mkdir", "-p", path.slice(0, path.lastIndexOf("/")));
        const { exitCode, stderr } = await run(["tee", path], { stdin: body });
        if (exitCode !== 0) throw new Error(stderr);
        await must("chmod", mode.toString(8), path);
      }
    },
    start(...argv) {
      const [file = "", ...args] = [...enter, ...argv];
      spawn(file, args, { stdio: "ignore" });
    },
    async [Symbol.asyncDispose]() {
      unshare.stdin.end();
      await gone;
    },
  };
}

/** Gives the sandbox the node's devices, each one end of a veth pair, and its addresses. */
export async function plugIn({ must }: Sandbox, node: Node): Promise<void> {
  for (const { device, addresses } of node.interfaces) {
    await must("ip", "link", "add", device, "type", "veth", "peer", "name", `far-${device}`);
    await must("ip", "link", "set", `far-${device}`, "up");
    await must("ip", "link", "set", device, "up");
    for (const { address, prefix, family } of addresses)
      await must(
        "ip",
        "addr",
        "add",
        `${address}/${prefix}`,
        "dev",
        device,
        ...(family === 6 ? ["nodad"] : []),
      );
  }
}

/** Lets another sandbox have the far end of a node's device. */
export async function connect(
  node: Sandbox,
  device: string,
  other: Sandbox,
  addresses: readonly string[],
  name = "eth0",
): Promise<void> {
  // A process ID of ours means nothing inside; from here the node's namespace is entered by its first process.
  await outside([
    "nsenter",
    "--net",
    "--target",
    node.pid,
    "ip",
    "link",
    "set",
    `far-${device}`,
    "name",
    name,
    "netns",
    other.pid,
  ]);
  for (const address of addresses)
    await other.must("ip", "addr", "add", address, "dev", name, ...(address.includes(":") ? ["nodad"] : []));
  await other.must("ip", "link", "set", name, "up");
}

async function outside(argv: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runner([])(argv);
  if (exitCode !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
}

/** Joins two nodes, each device of `b` with that of `a` of the same name. */
export async function connectNodes(a: Sandbox, first: Node, b: Sandbox, second: Node): Promise<void> {
  await plugIn(a, first);
  for (const { device, addresses } of second.interfaces) {
    const own = addresses.map(({ address, prefix }) => `${address}/${prefix}`);
    await connect(a, device, b, own, device);
  }
}
