import { ask } from "./ask.js";
import { files } from "./files.js";
import type { Host, Services } from "./host.js";
import { inside } from "./inside.js";
import { LockError, locked } from "./lock.js";
import { runner } from "./run.js";

/** One for all that changes the machine, whether it runs there or reaches in from outside. */
const lockFile = "/run/holdfast/lock";

export interface MachineDoor {
  readonly name: string;
  /** Its root directory as this process sees it: "/" or /proc/PID/root. */
  readonly root: string;
  /** Put before every argument array: [] or ["nsenter", ...]. */
  readonly enter: readonly string[];
  readonly services: Services;
}

/** The only implementation of Host: this machine and one of the lab differ in what `MachineDoor` says. */
export function openHost({ name, root, enter, services }: MachineDoor): Host {
  const run = runner(enter);
  return {
    name,
    ...files(root),
    run,
    services,
    async ask(socketPath, request, timeout = 5_000) {
      return ask(await inside(root, socketPath, true), request, timeout);
    },
    async lock(work) {
      try {
        return await locked(await inside(root, lockFile, true), work);
      } catch (error) {
        if (error instanceof LockError) throw new LockError(`${name}: ${error.message}`);
        throw error;
      }
    },
    now: () => Date.now(),
  };
}
