import { type ChildProcess, spawn } from "node:child_process";
import { type Packet, PcapReader } from "./pcap.js";

export interface CaptureListener {
  packets(packets: readonly Packet[]): void;
  /** It sees the wire from now on. */
  ready(): void;
  /** It ended without having been asked to, for this reason. */
  ended(why: string): void;
}

export interface CaptureOptions {
  /** pcap-filter(7). */
  readonly filter: string;
  /**
   * Each packet is handed over at once. Else the kernel does so once a second, all together, and tcpdump passes them on by
   * the page or when it is told to flush: that costs a thirtieth. Their time stamps are exact either way.
   */
  readonly prompt: boolean;
  /** Bytes kept of each packet. */
  readonly snap: number;
  /** KiB of the kernel's ring; tcpdump's own default is 2 MiB, which stay in memory. */
  readonly ring: number;
}

/** One tcpdump on all interfaces. */
export class Capture {
  private readonly child: ChildProcess;
  private stopped = false;

  constructor(options: CaptureOptions, listener: CaptureListener) {
    this.child = spawn("setpriv", argv(options), { stdio: ["ignore", "pipe", "pipe"] });
    const reader = new PcapReader(options.snap);
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
const argv = ({ filter, prompt, snap, ring }: CaptureOptions): string[] => [
  ...["--pdeathsig", "KILL", "tcpdump", "-Z", "root"],
  ...["-i", "any", "-y", "LINUX_SLL2", "-n", "-s", String(snap), "-B", String(ring), "-w", "-"],
  ...(prompt ? ["--immediate-mode", "-U"] : []),
  filter,
];
