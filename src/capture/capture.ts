import { type ChildProcess, spawn } from "node:child_process";
import { type Packet, PcapReader } from "./pcap.js";

export interface CaptureListener {
  packets(packets: readonly Packet[]): void;
  /** It sees the wire from now on. */
  ready(): void;
  /** It ended without having been asked to, for this reason. */
  ended(why: string): void;
}

/** A program that writes packets in the pcap format, and says `listening on` when it sees the wire. */
export interface CaptureProgram {
  readonly argv: readonly string[];
  readonly stdin?: string;
  /** Bytes of a packet at most. */
  readonly snap: number;
}

/** Such a program while it runs; it ends with its parent. */
export class Capture {
  private readonly child: ChildProcess;
  private stopped = false;

  constructor({ argv, stdin, snap }: CaptureProgram, listener: CaptureListener) {
    this.child = spawn("setpriv", ["--pdeathsig", "KILL", ...argv], { stdio: ["pipe", "pipe", "pipe"] });
    this.child.stdin?.on("error", () => undefined).end(stdin);
    const reader = new PcapReader(snap);
    const read = (piece: Buffer): readonly Packet[] => {
      try {
        return reader.read(piece);
      } catch (error) {
        this.fail(listener, error instanceof Error ? error.message : String(error));
        return [];
      }
    };
    this.child.stdout?.on("data", (piece: Buffer) => listener.packets(read(piece)));
    let said = "";
    this.child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
      const before = said;
      said = `${said}${piece}`.slice(-1_000);
      if (!before.includes("listening on") && said.includes("listening on")) listener.ready();
    });
    this.child.on("error", (error) => this.fail(listener, error.message));
    this.child.on("exit", (code, signal) => {
      const words = said.trim().split("\n").at(-1) ?? "";
      this.fail(listener, `the capture ended by ${signal ?? `exit code ${code}`}: ${words}`);
    });
  }

  /** As this machine counts; for those who want to know what it costs. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
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
