import { basename, dirname, join } from "node:path";
import type { FileStatus, Host, RunOptions, RunResult, ServiceStatus } from "../../src/host/host.js";

interface FakeFile {
  body: string;
  mode: number;
  user: string;
  group: string;
}

type Answer = (argv: readonly string[], stdin: string) => Partial<RunResult> | Error | undefined;

/**
 * A machine in memory that keeps state as a real one does: a staged file changes nothing until it is swapped, a
 * failed command changes nothing at all. `faults` decides what fails; by default every command succeeds silently.
 */
export class FakeHost implements Host {
  readonly files = new Map<string, FakeFile>();
  readonly links = new Map<string, string>();
  readonly running = new Map<string, { pid: number; restarts: number }>();
  /** Services that start at boot. */
  readonly enabled = new Set<string>();
  /** Everything that was asked of the machine, in order, for instance `run keepalived -t` or `reload haproxy`. */
  readonly told: string[] = [];
  readonly faults: {
    /** Answers for the programs under test; an Error is a program that cannot be run. */
    run: Answer;
    /** True makes the writing of this body fail, as a full disk would. */
    stage: (path: string, body: string) => boolean;
    /** True makes the swap of this path fail, as a read-only disk would. */
    swap: (path: string) => boolean;
    /** True makes this action of a service fail. */
    service: (action: string, name: string) => boolean;
    ask: (socketPath: string, request: string) => string | Error;
  } = {
    run: () => undefined,
    stage: () => false,
    swap: () => false,
    service: () => false,
    ask: (socketPath) => new Error(`${socketPath}: connection refused`),
  };
  /** Milliseconds since the epoch; tests move it. */
  clock = 0;
  #locked = false;
  #nextPid = 100;

  constructor(
    readonly name: string,
    files: Readonly<Record<string, string>> = {},
  ) {
    for (const [path, body] of Object.entries(files)) this.put(path, body);
  }

  put(path: string, body: string, attributes = { mode: 0o644, user: "root", group: "root" }): void {
    this.files.set(path, { body, ...attributes });
  }

  /** The machine's files, without what was staged and never swapped. */
  bodies(): Record<string, string> {
    return Object.fromEntries(
      [...this.files].filter(([path]) => !isStaged(path)).map(([path, { body }]) => [path, body]),
    );
  }

  async read(path: string): Promise<string | null> {
    return this.files.get(this.#resolve(path))?.body ?? null;
  }

  async status(path: string): Promise<FileStatus | null> {
    const file = this.files.get(this.#resolve(path));
    if (file === undefined) return null;
    const { mode, user, group, body } = file;
    return { mode, user, group, size: Buffer.byteLength(body) };
  }

  async list(path: string): Promise<string[]> {
    const directory = `${this.#resolve(path)}/`;
    const below = [...this.files.keys(), ...this.links.keys()].filter((candidate) =>
      candidate.startsWith(directory),
    );
    return [
      ...new Set(below.map((candidate) => candidate.slice(directory.length).split("/")[0] ?? "")),
    ].sort();
  }

  async stage(
    path: string,
    body: string,
    attributes: { mode: number; user: string; group: string },
  ): Promise<string> {
    if (this.faults.stage(path, body)) throw new Error(`${path}: no space left on device`);
    const staged = stagedName(path);
    this.put(staged, body, attributes);
    return staged;
  }

  async swap(staged: string, path: string): Promise<void> {
    this.told.push(`swap ${path}`);
    if (this.faults.swap(path)) throw new Error(`${path}: no space left on device`);
    const file = this.files.get(staged);
    if (file === undefined) throw new Error(`${staged}: no such file`);
    this.files.delete(staged);
    this.files.set(path, file);
  }

  async unstage(path: string): Promise<void> {
    this.files.delete(stagedName(path));
  }

  async link(target: string, path: string): Promise<void> {
    this.links.set(path, join("/", target.startsWith("/") ? target : join(dirname(path), target)));
  }

  async linked(path: string): Promise<string | null> {
    return this.links.get(path) ?? null;
  }

  async remove(path: string): Promise<void> {
    for (const names of [this.files, this.links])
      for (const candidate of [...names.keys()])
        if (candidate === path || candidate.startsWith(`${path}/`)) names.delete(candidate);
  }

  async run(argv: readonly string[], { stdin = "", take }: RunOptions = {}): Promise<RunResult> {
    this.told.push(`run ${argv.join(" ")}`);
    let given = "";
    for await (const piece of typeof stdin === "string" ? [stdin] : stdin) given += piece;
    const answer = this.faults.run(argv, given);
    if (answer instanceof Error) throw answer;
    const result = { exitCode: 0, stdout: "", stderr: "", ...answer };
    if (take === undefined) return result;
    // As a pipe does it: pieces that care for no line.
    for (let from = 0; from < result.stdout.length; from += 1_000)
      take(result.stdout.slice(from, from + 1_000));
    return { ...result, stdout: "" };
  }

  async ask(socketPath: string, request: string): Promise<string> {
    const answer = this.faults.ask(socketPath, request);
    if (answer instanceof Error) throw answer;
    return answer;
  }

  async lock<T>(work: () => Promise<T>): Promise<T> {
    if (this.#locked) throw new Error(`${this.name}: another holdfast command is at work there`);
    this.#locked = true;
    try {
      return await work();
    } finally {
      this.#locked = false;
    }
  }

  now(): number {
    return this.clock;
  }

  readonly services = {
    status: async (name: string): Promise<ServiceStatus> => {
      const process = this.running.get(name);
      return { running: process !== undefined, pid: process?.pid ?? null, restarts: process?.restarts ?? 0 };
    },
    start: async (name: string) => this.#act("start", name, () => this.#run(name)),
    stop: async (name: string) => this.#act("stop", name, () => this.running.delete(name)),
    reload: async (name: string) => this.#act("reload", name, () => this.#run(name)),
    restart: async (name: string) =>
      this.#act("restart", name, () => {
        this.running.delete(name);
        this.#run(name);
      }),
    enable: async (name: string) => this.#act("enable", name, () => this.enabled.add(name)),
    disable: async (name: string) => this.#act("disable", name, () => this.enabled.delete(name)),
    reloadUnits: async () => this.#act("reload", "units", () => undefined),
  };

  #act(action: string, name: string, change: () => void): void {
    this.told.push(`${action} ${name}`);
    if (this.faults.service(action, name)) throw new Error(`${name} did not ${action}`);
    change();
  }

  #run(name: string): void {
    if (!this.running.has(name)) this.running.set(name, { pid: this.#nextPid++, restarts: 0 });
  }

  #resolve(path: string): string {
    for (const [link, target] of this.links)
      if (path === link || path.startsWith(`${link}/`))
        return this.#resolve(target + path.slice(link.length));
    return path;
  }
}

const stagedName = (path: string): string => join(dirname(path), `.${basename(path)}.holdfast-new`);

const isStaged = (path: string): boolean => basename(path).endsWith(".holdfast-new");
