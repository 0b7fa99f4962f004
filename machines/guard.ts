import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const watch = fileURLToPath(new URL("guard-watch.mjs", import.meta.url));

/**
 * Has the cluster's machines removed when this process dies without having done it itself: by Ctrl-C, or killed. The
 * guard is a process in a session of its own that reads from a pipe, which only this process holds open.
 *
 * @returns ends the guard's watch, for whoever has removed them
 */
export function guard(cluster: string): () => void {
  const watcher = spawn(process.execPath, [watch, cluster], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    cwd: "/",
  });
  watcher.unref();
  return () => {
    watcher.stdin.write("released\n");
    watcher.stdin.end();
  };
}
