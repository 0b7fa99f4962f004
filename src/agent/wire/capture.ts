import { type ChildProcess, spawn } from "node:child_process";
import { type Packet, PcapReader, snapLength } from "./pcap.js";

export interface CaptureListener {
  packets(packets: readonly Packet[]): void;
  /** It sees the wire from now on. */
  ready(): void;
  /** It ended without having been asked to, for this reason. */
  ended(why: string): void;
}

/** KiB of the kernel's ring; the default of 2 MiB would be kept in memory for nothing. */
const ring = "256";

/**
 * One tcpdump on all interfaces. Not `prompt`, the kernel hands packets over once a second, all together, and tcpdump
 * passes them on by the page or when it is told to flush: that costs a thirtieth. Their time stamps are exact either way.
 */
export class Capture {
  private readonly child: ChildProcess;
  private stopped = false;

  constructor(filter: string, prompt: boolean, listener: CaptureListener) {
    this.child = spawn("setpriv", argv(filter, prompt), { stdio: ["ignore", "pipe", "pipe"] });
    const reader = new PcapReader();
    this.child.stdout?.on("data", (piece: Buffer) => {
      try {
        listener.packets(reader.read(piece));
      } catch (error) {
        this.fail(listener, error instanceof Error ? error.message : String(error));
      }
    });
    let said = "";
    this.child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
      const before = said;
      said = `${said}${piece}`.slice(-1_000);
      if (!before.includes("listening on") && said.includes("listening on")) listener.ready();
    });
    this.child.on("error", (error) => this.fail(listener, error.message));
    this.child.on("exit", (code, signal) => {
      const words = said.trim().split("\n").at(-1) ?? "";
      this.fail(listener, `tcpdump ended by ${signal ?? `exit code ${code}`}: ${words}`);
    });
  }

  /** As this machine counts; for those who want to know what it costs. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Has it pass on what it holds back (tcpdump(8), SIGUSR2); what came within the last second may still be missing. */
  flush(): void {
    this.child.kill("SIGUSR2");
  }

  stop(): void {
    this.stopped = true;
    this.child.kill("SIGKILL");
  }

  private fail(listener: CaptureListener, why: string): void {
    if (this.stopped) return;
    this.stop();
    listener.ended(why);
  }
}

/** It ends with its parent; a change of its user would undo that (prctl(2), PR_SET_PDEATHSIG), and it only copies bytes. */
const argv = (filter: string, prompt: boolean): string[] => [
  ...["--pdeathsig", "KILL", "tcpdump", "-Z", "root"],
  ...["-i", "any", "-y", "LINUX_SLL2", "-n", "-s", String(snapLength), "-B", ring, "-w", "-"],
  ...(prompt ? ["--immediate-mode", "-U"] : []),
  filter,
];
