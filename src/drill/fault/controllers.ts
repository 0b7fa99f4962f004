import type { Lab } from "../../lab/lab.js";
import { atOnce, type Fault } from "./fault.js";

/** Every server of the first service dies. */
export const everyController: Fault = {
  undoing: "all of them are started",
  on: () => ({
    ...{ text: "SIGKILL of every controller", machine: null, network: null },
    inject: atOnce(({ lab }) =>
      onEach(lab, (machine) => lab.faults.signal(machine, "controller", "SIGKILL")),
    ),
    undo: ({ lab }) => onEach(lab, (machine) => lab.faults.start(machine, "controller")),
  }),
};

async function onEach(lab: Lab, work: (machine: string) => Promise<void>): Promise<void> {
  const servers = lab.cluster.services[0]?.servers.map(({ address }) => address) ?? [];
  const machines = lab.machines.filter(({ addresses }) =>
    Object.values(addresses).some((own) => own.some((address) => servers.includes(address))),
  );
  await Promise.all(machines.map(({ name }) => work(name)));
}
