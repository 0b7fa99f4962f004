import { spawnSync } from "node:child_process";
import { closeSync, constants, openSync, readSync, rmSync } from "node:fs";
import { type PingResult, parsePing } from "./fping.js";

/**
 * A FIFO between fping and this process, which looks into it at its own pace. On an ordinary pipe each line would wake
 * the event loop, which costs many times what the line itself does. When this process is killed, fping ends at its next
 * line (SIGPIPE, fifo(7)).
 */
export class PingPipe {
  /** For fping to write to; open here too, so that there is always a writer. */
  readonly input: number;
  private readonly output: number;
  private readonly buffer = Buffer.alloc(65_536);
  private rest = "";

  constructor(path: string) {
    rmSync(path, { force: true });
    const { status, stderr, error } = spawnSync("mkfifo", ["-m", "600", path], { encoding: "utf8" });
    if (status !== 0) throw new Error(`mkfifo ${path}: ${error?.message ?? stderr.trim()}`);
    // Without O_NONBLOCK open(2) would wait for the other end, and read(2) for a line (fifo(7)).
    this.output = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    this.input = openSync(path, constants.O_WRONLY);
    rmSync(path);
  }

  /** What has been written since the last time. */
  read(): PingResult[] {
    const lines = (this.rest + this.take()).split("\n");
    this.rest = lines.pop() ?? "";
    return lines.flatMap((line) => parsePing(line) ?? []);
  }

  close(): void {
    closeSync(this.input);
    closeSync(this.output);
  }

  private take(): string {
    try {
      const length = readSync(this.output, this.buffer);
      return this.buffer.toString("latin1", 0, length);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EAGAIN") return "";
      throw error;
    }
  }
}
