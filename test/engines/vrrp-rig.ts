import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type WireEvent, wireEvent, wireFilter } from "../../src/drill/wire.js";
import type { Sandbox } from "./sandbox.js";

/** Those of the addresses that the machine has, in the order in which they were given. */
export async function owned(machine: Sandbox, addresses: readonly string[]): Promise<string[]> {
  const present: string[] = (await machine.must("ip", "-o", "addr")).match(/(?<=inet6? )[^/ ]+/g) ?? [];
  return addresses.filter((address) => present.includes(address));
}

/** What is said on a bridge of the machine about owners; the returned function tells it so far. */
export function listen(machine: Sandbox, bridge: string): () => WireEvent[] {
  const enter = ["--net", "--mount", "--pid", "--target", machine.pid, "--"];
  const argv = [...enter, "tcpdump", "-i", bridge, "-l", "-n", "-e", "-tt", "--immediate-mode", wireFilter];
  const child = spawn("nsenter", argv, { stdio: ["ignore", "pipe", "ignore"] });
  const seen: WireEvent[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => seen.push(...[wireEvent(line) ?? []].flat()));
  return () => seen;
}
