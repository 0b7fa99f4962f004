import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Milliseconds between two questions to one witness, and the longest an answer may take. */
export const askEvery = 100;

export interface PingResult {
  readonly address: string;
  readonly answered: boolean;
}

/** A line of `fping --loop`: `10.0.1.1 : [4], 64 bytes, 0.047 ms (...)` or `10.0.1.1 : [4], timed out (...)`. */
export function parsePing(line: string): PingResult | null {
  const [, address, answer] = /^(\S+)\s*: \[\d+\], (\d+ bytes|timed out)/.exec(line) ?? [];
  return address === undefined ? null : { address, answered: answer !== "timed out" };
}

/** One fping that asks a fixed list of addresses of either family, again and again. */
export class Fping {
  private readonly child: ChildProcess;

  constructor(
    targets: readonly string[],
    on: { result(result: PingResult): void; ended(why: string): void },
  ) {
    const argv = ["--loop", `--period=${askEvery}`, `--timeout=${askEvery}`, "--interval=1", ...targets];
    this.child = spawn("fping", argv, { stdio: ["ignore", "pipe", "ignore"] });
    this.child.on("error", (error) => on.ended(error.message));
    this.child.on("exit", (code, signal) => on.ended(`ended by ${signal ?? `exit code ${code}`}`));
    if (this.child.stdout === null) return;
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      const result = parsePing(line);
      if (result !== null) on.result(result);
    });
  }

  stop(): void {
    this.child.kill("SIGKILL");
  }
}
