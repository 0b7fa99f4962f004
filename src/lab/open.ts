import { paths } from "../render/paths.js";
import { faults } from "./faults.js";
import type { Lab } from "./lab.js";
import { spawnIn } from "./lab-process.js";
import { layout as drawLayout } from "./layout.js";
import type { Layout, MachinePlan } from "./layout-plan.js";
import { type LabRecord, Ledger } from "./ledger.js";
import { fabricOf } from "./names.js";
import { runningMachine } from "./running-machine.js";

/** A lab that is up, made by this process or another. */
export function openLab(cluster: string): Lab {
  const ledger = new Ledger(cluster);
  const record = ledger.record();
  if (record === null) throw new Error(`the lab of ${cluster} is not up; 'holdfast lab up' starts it`);
  return labOf(record, drawLayout(record.cluster, record), ledger);
}

export function labOf({ cluster }: LabRecord, layout: Layout, ledger: Ledger): Lab {
  const machines = layout.machines.map((plan) => runningMachine(plan, ledger));
  const machine: Lab["machine"] = (name) => {
    const { name: own } = planNamed(layout, name);
    const found = machines.find((candidate) => candidate.name === own);
    if (found === undefined) throw new Error(`${name} is not running`);
    return found;
  };
  return {
    cluster,
    machines,
    machine,
    spawnInFabric: (argv) => spawnIn(["nsenter", `--net=/run/netns/${fabricOf(cluster.name)}`, "--"], argv),
    bridge(network) {
      const segment = layout.segments.find(({ name }) => name === network);
      if (segment !== undefined) return segment.bridge;
      throw new Error(
        `the lab has no network ${network}; there are: ${layout.segments.map(({ name }) => name).join(", ")}`,
      );
    },
    agentSocket(node) {
      const init = ledger.init(planNamed(layout, node).name);
      return init === null ? null : `/proc/${init.pid}/root${paths.agentSocket}`;
    },
    faults: faults(cluster, layout, ledger, (name) => planNamed(layout, name)),
  };
}

/** By its own name or an alias. */
function planNamed({ machines }: Layout, name: string): MachinePlan {
  const found =
    machines.find((plan) => plan.name === name) ?? machines.find((plan) => plan.aliases.includes(name));
  if (found !== undefined) return found;
  throw new Error(
    `the lab has no machine ${name}; there are: ${machines.map((plan) => plan.name).join(", ")}`,
  );
}
