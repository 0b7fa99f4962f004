import { spawn } from "node:child_process";

/** What systemd tells a service of `Type=notify` (sd_notify(3)). */
export interface NotifyEnvironment {
  readonly NOTIFY_SOCKET?: string | undefined;
  readonly WATCHDOG_USEC?: string | undefined;
}

/** Notices that fit into one WatchdogSec: two may be lost. */
const perPeriod = 3;

/**
 * Tells systemd that the agent is ready, and then that its event loop turns: one that hangs is started again. Node has no
 * datagram sockets of the Unix kind, so a short systemd-notify(1) speaks; it waits until systemd has understood whose child it is.
 */
export class Watchdog {
  private readonly socket: string | null;
  /** Milliseconds between two notices; null where nobody waits for them. */
  readonly every: number | null;
  private timer: NodeJS.Timeout | null = null;
  private speaking = false;

  constructor(
    environment: NotifyEnvironment,
    private readonly program = "systemd-notify",
  ) {
    this.socket = environment.NOTIFY_SOCKET || null;
    const period = Number(environment.WATCHDOG_USEC ?? 0) / 1_000;
    this.every = this.socket !== null && period > 0 ? period / perPeriod : null;
  }

  ready(): void {
    this.say("--ready");
    if (this.every !== null) this.timer = setInterval(() => this.say("WATCHDOG=1"), this.every);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  private say(word: string): void {
    if (this.socket === null || this.speaking) return;
    this.speaking = true;
    const env = { PATH: "/usr/bin:/bin", NOTIFY_SOCKET: this.socket };
    const child = spawn(this.program, [word], { stdio: "ignore", env });
    const done = () => {
      this.speaking = false;
    };
    child.on("error", done).on("exit", done);
  }
}
