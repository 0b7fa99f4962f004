import { type ChildProcess, spawn } from "node:child_process";

/** Milliseconds between two questions to one witness, and the longest an answer may take. */
const askEvery = 100;

export interface PingResult {
  readonly address: string;
  readonly answered: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * A line of `fping --loop --timestamp`: `[1764.25] 10.0.1.1 : [4], 64 bytes, 0.047 ms (...)` or
 * `[1764.25] 10.0.1.1 : [4], timed out (...)`.
 */
export function parsePing(line: string): PingResult | null {
  const [, seconds, address, answer] =
    /^\[(\d+\.\d+)\] (\S+)\s*: \[\d+\], (\d+ bytes|timed out)/.exec(line) ?? [];
  return address === undefined
    ? null
    : { address, answered: answer !== "timed out", at: Math.round(Number(seconds) * 1_000) };
}

/** One fping that asks a fixed list of addresses of either family, again and again, and writes to an open file. */
export class Fping {
  private readonly child: ChildProcess;

  /** @param ended told once, with why; not after `stop` */
  constructor(targets: readonly string[], output: number, ended: (why: string) => void) {
    const pace = [`--period=${askEvery}`, `--timeout=${askEvery}`, "--interval=1"];
    const argv = ["--loop", "--timestamp", ...pace, ...targets];
    this.child = spawn("fping", argv, { stdio: ["ignore", output, "ignore"] });
    this.child.once("error", (error) => ended(error.message));
    this.child.once("exit", (code, signal) => ended(`ended by ${signal ?? `exit code ${code}`}`));
  }

  stop(): void {
    this.child.removeAllListeners("exit");
    this.child.kill("SIGKILL");
  }
}
