import { openHost } from "../src/host/machine.js";
import { runner } from "../src/host/run.js";
import { systemd } from "../src/host/systemd.js";
import { enter } from "../src/lab/container.js";
import type { Machine } from "../src/lab/lab.js";
import type { Ledger } from "../src/lab/ledger.js";
import type { ProcessId } from "../src/lab/processes.js";

/** A booted machine in place of the lab's plain one: systemd, and not the lab's supervisor, has its services. */
export function bootedMachine(plain: Machine, ledger: Ledger): Machine {
  const init = (): ProcessId => {
    const found = ledger.init(plain.name);
    if (found === null) throw new Error(`${plain.name} is off`);
    return found;
  };
  const { name, kind, addresses, macs, exec, spawn } = plain;
  return {
    ...{ name, kind, addresses, macs, exec, spawn },
    get host() {
      const id = init();
      const inside = enter(id);
      return openHost({
        ...{ name, root: `/proc/${id.pid}/root`, enter: inside },
        services: systemd(runner(inside)),
      });
    },
  };
}
