import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "vite";
import type { Drifted } from "../../src/agent/drift/drift-ledger.js";
import { generationPaths, manifestOf } from "../../src/deploy/generation.js";
import type { Host } from "../../src/host/host.js";
import { openHost } from "../../src/host/machine.js";
import { bootCommands } from "../../src/render/boot.js";
import { haproxyDaemon } from "../../src/render/daemons.js";
import { renderNode } from "../../src/render/render.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { nodeNamed } from "../../src/topology/select.js";
import { repository } from "./deployment.js";
import { plugIn, type Sandbox, sandbox } from "./sandbox.js";

/** What the watch said, and when: milliseconds of performance.now(). */
export interface Said {
  readonly at: number;
  readonly told: string;
  readonly items?: readonly Drifted[];
  readonly why?: string;
  readonly name?: string;
  readonly cpu?: number;
  readonly rss?: number;
}

/** The watch as one program. Below node_modules, where it finds the libraries. */
export async function buildProgram(): Promise<{ readonly file: string; remove(): Promise<void> }> {
  const outDir = await mkdtemp(repository("node_modules/.holdfast-drift-"));
  const output = { entryFileNames: "program.mjs" };
  await build({
    configFile: false,
    logLevel: "error",
    build: {
      ssr: repository("test/engines/drift-program.ts"),
      target: "node20",
      outDir,
      rollupOptions: { output },
    },
  });
  return { file: join(outDir, "program.mjs"), remove: () => rm(outDir, { recursive: true }) };
}

/** A node in a sandbox that stands exactly as its generation says, with a real HAProxy, and the watch beside it. */
export class DriftRig implements AsyncDisposable {
  readonly said: Said[] = [];

  private constructor(
    readonly box: Sandbox,
    readonly host: Host,
    private readonly watch: ChildProcess,
  ) {
    createInterface({ input: watch.stdout ?? process.stdin }).on("line", (line) => {
      this.said.push({ at: performance.now(), ...JSON.parse(line) });
    });
  }

  static async open(cluster: Cluster, program: string): Promise<DriftRig> {
    const box = await sandbox();
    const enter = ["nsenter", "--net", "--mount", "--pid", "--target", box.pid, "--"];
    const services = {} as Host["services"];
    const host = openHost({ name: "lb-a", root: `/proc/${box.pid}/root`, enter, services });
    try {
      await box.must("mount", "-t", "tmpfs", "tmpfs", "/var/lib");
      await box.must("mkdir", "/var/lib/haproxy");
      await install(cluster, box, host);
    } catch (error) {
      await box[Symbol.asyncDispose]();
      throw error;
    }
    const [file = "", ...args] = [...enter, process.execPath, program];
    const rig = new DriftRig(box, host, spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] }));
    await rig.until("the watch runs", ({ told }) => told === "watching", 0);
    // HAProxy tells its age in whole seconds: what is edited now, it has certainly not read.
    await sleep(4_000);
    return rig;
  }

  /** Another generation takes the first one's place, as an apply would do it. */
  async apply(cluster: Cluster, number: number): Promise<void> {
    await this.order("suspend");
    await putInPlace(cluster, number, this.host);
    await this.order("resume");
    await sleep(1_500);
  }

  /** Changes something and waits for what the watch says of it. @returns it, and the milliseconds it took */
  async after(
    change: () => Promise<unknown>,
    told: string,
    what: string,
    deadline = 4_000,
  ): Promise<{ readonly item: Drifted; readonly took: number }> {
    const begun = performance.now();
    await change();
    const about = (said: Said) =>
      said.told === told && said.items?.some((item) => item.what === what) === true;
    const said = await this.until(`${told} ${what}`, about, begun, deadline);
    const item = said.items?.find((one) => one.what === what);
    if (item === undefined) throw new Error(`nothing about ${what}`);
    return { item, took: said.at - begun };
  }

  async until(what: string, holds: (said: Said) => boolean, since: number, deadline = 4_000): Promise<Said> {
    const end = performance.now() + deadline;
    for (;;) {
      const found = this.said.find((said) => said.at >= since && holds(said));
      if (found !== undefined) return found;
      if (performance.now() > end)
        throw new Error(
          `not within ${deadline} ms: ${what}; said ${JSON.stringify(this.said).slice(-2_000)}`,
        );
      await sleep(5);
    }
  }

  /** Gives an order and returns what the watch knows then. */
  async order(order: "suspend" | "resume" | "look"): Promise<Said> {
    const begun = performance.now();
    this.watch.stdin?.write(`${order}\n`);
    return this.until(order, ({ told }) => told === "done", begun);
  }

  async edit(path: string, from: string, to: string): Promise<void> {
    const body = (await this.host.read(path)) ?? "";
    if (!body.includes(from)) throw new Error(`${path} has no ${from}`);
    const { exitCode } = await this.box.run(["tee", path], { stdin: body.replace(from, to) });
    if (exitCode !== 0) throw new Error(`${path} was not written`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.watch.stdin?.end();
    if (this.watch.exitCode === null) await once(this.watch, "exit");
    await this.box[Symbol.asyncDispose]();
  }
}

async function install(cluster: Cluster, box: Sandbox, host: Host): Promise<void> {
  await plugIn(box, nodeNamed(cluster, "lb-a"));
  await putInPlace(cluster, 1, host);
  box.start(...haproxyDaemon.argv);
}

/** Files, generation and kernel as an apply leaves them. */
async function putInPlace(cluster: Cluster, number: number, host: Host): Promise<void> {
  const node = nodeNamed(cluster, "lb-a");
  const files = renderNode(cluster, node);
  const generation = { number, digest: "aa" };
  const write = async (path: string, body: string, mode = 0o600) =>
    host.swap(await host.stage(path, body, { mode, user: "root", group: "root" }), path);
  for (const { path, body, mode } of files) {
    await write(path, body, mode);
    await write(generationPaths.file(generation, path), body);
  }
  const manifest = manifestOf(generation, files, Date.now());
  await write(generationPaths.manifest(generation), JSON.stringify(manifest));
  await host.link(generationPaths.of(generation), generationPaths.current);
  for (const { argv, mayFail } of bootCommands(cluster, node)) {
    const { exitCode, stderr } = await host.run(argv);
    if (exitCode !== 0 && !mayFail) throw new Error(`${argv.join(" ")}: ${stderr}`);
  }
}
