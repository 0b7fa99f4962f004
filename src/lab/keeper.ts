import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceStatus } from "../host/host.js";
import type { Daemon } from "../render/daemons.js";
import { atRealTimeIfPermitted } from "../render/real-time.js";
import { BoundedLog } from "./bounded-log.js";

/** A daemon that has just begun has no signal handlers yet: a reload would kill it. */
const settling = 300;
/** systemd's TimeoutStopSec is longer; a lab is impatient. */
const patience = 5_000;

export interface KeeperOptions {
  readonly log: string;
  /** Left by a killed daemon, and mistaken by the next for a living one. */
  readonly stale: readonly string[];
  /** systemd's ExecStopPost: runs whenever the daemon has ended, for whatever reason. */
  readonly ended: () => void;
}

/** Keeps one daemon running, as its systemd unit does on a real node. */
export class Keeper {
  #child: ChildProcess | null = null;
  #wanted = false;
  #restarts = 0;
  #started = 0;
  readonly #log: BoundedLog;

  constructor(
    private readonly daemon: Daemon,
    private readonly options: KeeperOptions,
  ) {
    this.#log = new BoundedLog(options.log);
  }

  status(): ServiceStatus {
    const pid = this.#child?.pid ?? null;
    return { running: pid !== null, pid, restarts: this.#restarts };
  }

  start(): void {
    const { name, requires } = this.daemon;
    if (!existsSync(requires)) throw new Error(`${name} is not started: there is no ${requires}`);
    this.#wanted = true;
    if (this.#child === null) this.#launch();
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    const child = this.#child;
    if (child === null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    const late = await Promise.race([gone.then(() => false), sleep(patience, true, { ref: false })]);
    if (late) child.kill("SIGKILL");
    await gone;
  }

  async reload(): Promise<void> {
    if (this.#child === null) return this.start();
    if (this.daemon.reload === null) throw new Error(`${this.daemon.name} cannot reload; restart it`);
    await sleep(Math.max(0, this.#started + settling - Date.now()));
    this.#child?.kill(this.daemon.reload);
  }

  async restart(): Promise<void> {
    await this.stop();
    this.start();
  }

  #launch(): void {
    for (const file of this.options.stale) rmSync(file, { force: true });
    const { argv, priority } = this.daemon;
    const [command = "", ...args] = priority === null ? argv : atRealTimeIfPermitted(priority, argv);
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.#child = child;
    this.#started = Date.now();
    child.stdout.on("data", (chunk: Buffer) => this.#log.write(chunk));
    child.stderr.on("data", (chunk: Buffer) => this.#log.write(chunk));
    child.on("error", (error) => {
      this.#log.write(`${error.message}\n`);
      if (child.pid === undefined) this.#ended("could not be started");
    });
    child.on("exit", (code, signal) => {
      killGroup(child.pid); // systemd's KillMode=control-group: no orphan meets its successor.
      this.#ended(`ended with ${signal ?? code}`);
    });
  }

  #ended(how: string): void {
    this.#child = null;
    this.#log.write(`-- ${this.daemon.name} ${how}\n`);
    this.options.ended();
    if (!this.#wanted) return;
    setTimeout(() => {
      if (!this.#wanted || this.#child !== null) return;
      this.#restarts++;
      this.#launch();
    }, this.daemon.restartDelay);
  }
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Nobody was left.
  }
}
