import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Logger } from "pino";

/** Milliseconds before a follower that ended is started again: the first time, and at most. */
const pauses = { first: 300, most: 30_000 };

/**
 * Milliseconds after which one that ran so long counts as sound. xtables-monitor ends whenever a load of many rules
 * overruns its socket: it is started again at once, and what it missed is looked at.
 */
const sound = 1_000;

/** A program that runs as long as the agent, ends with it however it ends (prctl(2), PR_SET_PDEATHSIG), and prints a line whenever something changes. */
export class Follower {
  private child: ChildProcess | null = null;
  private timer: NodeJS.Timeout | null = null;
  private pause = pauses.first;
  private stopped = false;

  /** @param changed called for every line, and after each start: what happened before was not heard */
  constructor(
    private readonly argv: readonly [string, ...string[]],
    private readonly changed: () => void,
    private readonly log: Logger,
  ) {
    this.start();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.child?.kill("SIGKILL");
  }

  private start(): void {
    const [program] = this.argv;
    const child = spawn("setpriv", ["--pdeathsig", "KILL", ...this.argv], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const begun = performance.now();
    let over = false;
    const ended = (why: string) => {
      if (over || this.stopped) return;
      over = true;
      const ran = performance.now() - begun > sound;
      if (ran) this.pause = pauses.first;
      this.log[ran ? "debug" : "warn"]({ program, why }, "what tells of changes ended and is started again");
      this.timer = setTimeout(() => this.start(), this.pause);
      this.pause = Math.min(this.pause * 2, pauses.most);
    };
    child.on("error", (error) => ended(error.message));
    child.on("exit", (code, signal) => ended(`ended by ${signal ?? `exit code ${code}`}`));
    createInterface({ input: child.stdout }).on("line", () => this.changed());
    this.child = child;
    this.changed();
  }
}
