import { once } from "node:events";
import { watch } from "chokidar";
import type { AgentOptions } from "./agents.js";
import { UserError } from "./context.js";
import { interruptible } from "./interruption.js";
import { topologyPath } from "./topology-file.js";

/** Milliseconds without a further write: editors save in several steps. */
const settled = 200;

/** Runs `work` now and after each save of the topology file, until Ctrl-C. What goes wrong is told; the watching goes on. */
export async function watchTopology(options: AgentOptions, work: () => Promise<void>): Promise<void> {
  const path = topologyPath(options);
  if (path === "-") throw new UserError("standard input cannot be watched: name a file with -f");
  const watcher = watch(path, {
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: settled, pollInterval: 50 },
  });
  try {
    await interruptible(async (signal) => {
      let saved = true;
      watcher.on("all", () => {
        saved = true;
      });
      process.stderr.write(`Watching ${path}, which is applied now and after each save; Ctrl-C ends it.\n`);
      while (!signal.aborted) {
        if (!saved) await once(watcher, "all", { signal });
        saved = false;
        try {
          await work();
        } catch (error) {
          process.stderr.write(`holdfast: ${error instanceof Error ? error.message : String(error)}\n`);
        }
        process.stderr.write(`Watching ${path}; Ctrl-C ends it.\n`);
      }
    }, "no longer watching; what was applied stays");
  } finally {
    await watcher.close();
  }
}
