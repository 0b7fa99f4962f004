import { ask } from "../host/ask.js";
import type { Host, Services } from "../host/host.js";
import { inside } from "../host/inside.js";
import { openHost } from "../host/machine.js";
import { runner } from "../host/run.js";
import { enter } from "./container.js";
import { supervised } from "./control.js";
import { hasAgent, type Machine } from "./lab.js";
import { spawnIn } from "./lab-process.js";
import type { MachinePlan } from "./layout-plan.js";
import type { Ledger } from "./ledger.js";
import type { ProcessId } from "./processes.js";

/** A machine of a lab that is up. Its PID 1 is looked up at each use: it changes with every power cycle. */
export function runningMachine(plan: MachinePlan, ledger: Ledger): Machine {
  const init = (): ProcessId => {
    const found = ledger.init(plan.name);
    if (found === null)
      throw new Error(`${plan.name} is off; 'holdfast lab power on ${plan.name}' starts it`);
    return found;
  };
  return {
    name: plan.name,
    kind: plan.kind,
    addresses: Object.fromEntries(
      plan.ports.map(({ segment, addresses }) => [segment, addresses.map(({ address }) => address)]),
    ),
    macs: Object.fromEntries(plan.ports.map(({ segment, mac }) => [segment, mac])),
    exec: async (argv, options) => runner(enter(init()))(argv, options),
    spawn: async (argv) => spawnIn(enter(init()), argv),
    get host() {
      return hostOf(plan, init());
    },
  };
}

/** A machine whose PID 1 is `init`. */
export function hostOf({ name, kind }: MachinePlan, init: ProcessId): Host {
  const root = `/proc/${init.pid}/root`;
  const services = hasAgent(kind)
    ? supervised(async (socket, request, timeout) => ask(await inside(root, socket, true), request, timeout))
    : noServices(name);
  return openHost({ name, root, enter: enter(init), services });
}

/** Without a supervisor. */
function noServices(machine: string): Services {
  const refuse = async (): Promise<never> => {
    throw new Error(`${machine} has no agent, and so no services`);
  };
  return {
    status: refuse,
    start: refuse,
    stop: refuse,
    reload: refuse,
    restart: refuse,
    enable: refuse,
    disable: refuse,
    reloadUnits: refuse,
  };
}
