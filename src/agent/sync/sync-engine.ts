import { statSync } from "node:fs";
import type { Host } from "../../host/host.js";
import { paths } from "../../render/paths.js";
import { readNow } from "../engines/processes.js";
import { parseCounts, parseOverruns } from "./conntrackd-words.js";
import type { EngineWord } from "./look.js";
import type { SyncAction } from "./sync-state.js";

/**
 * The commands of each action (conntrackd(8)). What conntrackd believes is dropped before it reads the kernel's table:
 * reading alone would leave entries in its cache that ended while nobody told it. Its control socket answers before the
 * work is done.
 */
const commands: Readonly<Record<SyncAction, readonly (readonly string[])[]>> = {
  publish: [["-f", "internal"], ["-R"]],
  withdraw: [["-f", "internal"]],
  ask: [["-n"]],
};

/** How each file begins that holdfast has written; the one of Debian's package begins otherwise. */
const ours = "# Written by holdfast.";

/** Milliseconds. A big table keeps conntrackd busy; one that answers nothing for so long is stuck. */
const patience = 5_000;

/** conntrackd on this node, and the kernel's table. */
export interface SyncEngine {
  /** Whether the node's generation has it run: that of an older program does not. Cheap. */
  isWanted(): boolean;
  /** Tells one run from the next; null where it never ran. Cheap: to be asked with every beat. */
  instance(): number | null;
  /** Null while it does not answer. With its overruns only for a node that publishes: each part costs a program. */
  look(publishes: boolean): Promise<EngineWord | null>;
  /** Null when it was done, else why not. */
  act(action: SyncAction): Promise<string | null>;
  /** Entries in the kernel's table. Cheap. */
  table(): number;
}

export function conntrackd(host: Host): SyncEngine {
  const ask = (options: readonly string[]) =>
    host
      .run(["conntrackd", "-C", paths.conntrackdConf, ...options], { timeout: patience })
      .catch((error: unknown) => ({ exitCode: -1, stdout: "", stderr: String(error) }));
  // It makes its socket anew each time it starts.
  const socketMade = () => {
    const found = statSync(paths.conntrackdSocket, { throwIfNoEntry: false });
    return found === undefined ? null : Math.floor(found.ctimeMs);
  };
  return {
    isWanted: () => readNow(paths.conntrackdConf)?.startsWith(ours) === true,
    instance: socketMade,
    async look(publishes) {
      const instance = socketMade();
      if (instance === null) return null;
      const all = await ask(["-s"]);
      const overruns = publishes ? parseOverruns((await ask(["-s", "runtime"])).stdout) : null;
      const counts = all.exitCode === 0 ? parseCounts(all.stdout) : null;
      return counts && { instance, ...counts, overruns };
    },
    async act(action) {
      for (const options of commands[action]) {
        const { exitCode, stderr } = await ask(options);
        if (exitCode !== 0) return `conntrackd ${options.join(" ")}: ${stderr.trim()}`;
      }
      return null;
    },
    table: () => Number(readNow("/proc/sys/net/netfilter/nf_conntrack_count") ?? 0),
  };
}
