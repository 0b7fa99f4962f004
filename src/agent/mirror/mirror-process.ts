import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import type { Order, Word } from "../../mirror/process/words.js";
import { lookEvery, Silence } from "./silence.js";

const program = fileURLToPath(new URL("../../mirror/process/program.js", import.meta.url));

/** Milliseconds until a process that ended is started again. */
const again = 1_000;

/** Milliseconds that one which is to end may take for it. */
const grace = 2_000;

export interface MirrorProcessListener {
  word(word: Word): void;
  /** It runs, and knows nothing yet. */
  started(): void;
  /** It runs, and says nothing: told again at each look. */
  silent(): void;
  /** It ended without having been asked to, and is started again. */
  ended(why: string): void;
}

/** The process that mirrors: none of that work happens in the agent's, and it ends with the agent. */
export class MirrorProcess {
  #child: ChildProcess | null = null;
  #timer: NodeJS.Timeout | null = null;
  #looks: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(
    private readonly listener: MirrorProcessListener,
    private readonly log: Logger,
  ) {}

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    if (this.#stopped || this.#child !== null) return;
    const child = fork(program, [], { stdio: ["ignore", "inherit", "inherit", "ipc"], execArgv });
    this.#child = child;
    const silence = new Silence(performance.now());
    child.on("message", (word: Word) => {
      if (this.#child !== child) return;
      silence.heard();
      this.listener.word(word);
    });
    this.#looks = setInterval(() => this.#look(child, silence.look(performance.now())), lookEvery);
    const ended = (why: string) => {
      if (this.#child !== child) return;
      this.#child = null;
      this.#lookNoMore();
      this.log.error({ why }, "the mirror ended, and is started again");
      this.listener.ended(why);
      this.#timer = setTimeout(() => this.start(), again);
    };
    child.on("error", (error) => ended(error.message));
    child.on("exit", (code, signal) => ended(signal ?? `exit code ${code}`));
    this.listener.started();
  }

  send(order: Order): void {
    if (this.#child?.connected) this.#child.send(order, () => undefined);
  }

  /** Its connections to the master controller end in good order. */
  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#lookNoMore();
    const child = this.#child;
    this.#child = null;
    child?.kill("SIGTERM");
    setTimeout(() => child?.kill("SIGKILL"), grace).unref();
  }

  #look(child: ChildProcess, state: ReturnType<Silence["look"]>): void {
    if (state === "well") return;
    this.listener.silent();
    if (state === "silent") return;
    this.log.error({ pid: child.pid }, "the mirror hangs, and is killed");
    child.kill("SIGKILL");
  }

  #lookNoMore(): void {
    if (this.#looks) clearInterval(this.#looks);
    this.#looks = null;
  }
}

/** It handles far more than the agent does, for which the optimising compiler is left off. */
const execArgv = ["--max-semi-space-size=8"];
