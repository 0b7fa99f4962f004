import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunOptions, RunResult } from "../src/host/host.js";
import { runner } from "../src/host/run.js";
import { must } from "../src/lab/command.js";
import { namespaceOf } from "../src/lab/names.js";

/** How an operator reaches the machines: from a machine of the lab, with a key. */
export interface Reach {
  readonly keyFile: string;
  readonly knownHosts: string;
  /** Runs a program of this computer on the network of one of the lab's plain machines. */
  from(machine: string): (argv: readonly string[], options?: RunOptions) => Promise<RunResult>;
  /** The argument array that logs in from there; and that which brings a file to a directory over there. */
  login(address: string, argv: readonly string[]): string[];
  copy(file: string, address: string, directory: string): string[];
  /** Forgets whose key a machine had, as who has put another machine into its place has to. */
  forget(address: string): Promise<void>;
}

export async function makeKey(directory: string): Promise<{ path: string; publicKey: string }> {
  const path = join(directory, "ssh-key");
  await must(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "operator", "-f", path]);
  return { path, publicKey: readFileSync(`${path}.pub`, "utf8") };
}

/** Each machine's own, in the root that it will boot from: another machine at the same address is told from the first. */
export async function makeHostKeys(upper: string): Promise<void> {
  mkdirSync(join(upper, "etc/ssh"), { recursive: true });
  await must(["ssh-keygen", "-q", "-A", "-f", upper]);
}

export function reach(cluster: string, keyFile: string, directory: string): Reach {
  const knownHosts = join(directory, "known-hosts");
  const options = [
    ...["-F", "none", "-i", keyFile, "-o", "BatchMode=yes", "-o", "ConnectTimeout=2"],
    ...["-o", "StrictHostKeyChecking=accept-new", "-o", `UserKnownHostsFile=${knownHosts}`],
  ];
  return {
    keyFile,
    knownHosts,
    from: (machine) => runner(["nsenter", `--net=/run/netns/${namespaceOf(cluster, machine)}`, "--"]),
    login: (address, argv) => ["ssh", ...options, `root@${address}`, "--", ...argv],
    copy: (file, address, to) => ["scp", "-q", ...options, file, `root@${address}:${to}`],
    async forget(address) {
      await must(["ssh-keygen", "-q", "-R", address, "-f", knownHosts]);
    },
  };
}
