import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { Lines } from "./lines.js";
import { type MultiplexerLine, multiplexerLine } from "./multiplexer-line.js";
import { Standstill } from "./standstill.js";

/** Milliseconds between two words of one that lives, two looks whether one came, and two tries to connect. */
const pause = 100;

/** Bytes of a line: some 600 for each switch. */
const longest = 33_554_432;

export interface LinkListener {
  line(line: MultiplexerLine): void;
  /** It stood still and was killed: no switch is to wait for it. */
  killed(pid: number, wasStopped: boolean): void;
  /** It ended the connection: it is gone. */
  gone(): void;
}

/** A connection to this node's multiplexer, made again as long as it is wanted. */
export class MultiplexerLink {
  #socket: Socket | null = null;
  #timer: NodeJS.Timeout | null = null;
  #standstill = new Standstill();
  /** Of the process at the other end, which lives while the connection stands. */
  #pid: number | null = null;

  constructor(
    private readonly path: string,
    private readonly listener: LinkListener,
  ) {}

  start(): void {
    this.#timer ??= setInterval(() => this.#look(), pause);
    // Whoever connects is told at once.
    if (this.#socket === null) this.#connect();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.leave();
  }

  /** A connection that nothing is heard on is of no use: another one is made at the next look. */
  leave(): void {
    this.#socket?.destroy();
    this.#socket = null;
    this.#pid = null;
  }

  #look(): void {
    const pid = this.#pid;
    if (this.#socket === null) this.#connect();
    else if (pid !== null && this.#standstill.look(() => isStopped(pid))) {
      const wasStopped = isStopped(pid);
      this.leave();
      if (isKilled(pid)) this.listener.killed(pid, wasStopped);
      else this.listener.gone();
    }
  }

  #connect(): void {
    const lines = new Lines(longest);
    const socket = connect(this.path);
    this.#socket = socket;
    this.#standstill = new Standstill();
    socket.on("data", (piece) => {
      if (this.#socket === socket) this.#hear(lines, piece);
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      if (this.#socket !== socket) return;
      const wasHeard = this.#pid !== null;
      this.leave();
      if (wasHeard) this.listener.gone();
    });
  }

  #hear(lines: Lines, piece: Buffer): void {
    this.#standstill.heard();
    try {
      const last = lines.take(piece).findLast((line) => line !== "");
      if (last === undefined) return;
      const line = multiplexerLine(last);
      this.#pid = line.pid;
      this.listener.line(line);
    } catch {
      this.leave(); // It speaks otherwise, as another version may.
    }
  }
}

/** Whether there was anybody to kill: one that ended by itself may still have somebody hold its connection. */
function isKilled(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}

/** Whether a signal stopped it (proc(5), /proc/pid/stat: state T). One that is gone was not. */
function isStopped(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.at(stat.lastIndexOf(")") + 2) === "T";
  } catch {
    return false;
  }
}
