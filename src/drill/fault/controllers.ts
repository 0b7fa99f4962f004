import type { Lab } from "../../lab/lab.js";
import { atOnce, type Fault } from "./fault.js";

/** Every server of the first service dies. */
export const everyController: Fault = {
  undoing: "all of them are started",
  on() {
    let struck: readonly number[] = [];
    return {
      ...{ text: "SIGKILL of every controller", machine: null, network: null },
      inject: atOnce(async ({ lab }) => {
        struck = await onEach(lab, (machine) => lab.faults.signal(machine, "controller", "SIGKILL"));
      }),
      missed: async () =>
        struck.length > 0 && struck.every((many) => many > 0) ? null : "not every controller ran",
      undo: async ({ lab }) => void (await onEach(lab, (machine) => lab.faults.start(machine, "controller"))),
    };
  },
};

async function onEach<Result>(lab: Lab, work: (machine: string) => Promise<Result>): Promise<Result[]> {
  const servers = lab.cluster.services[0]?.servers.map(({ address }) => address) ?? [];
  const machines = lab.machines.filter(({ addresses }) =>
    Object.values(addresses).some((own) => own.some((address) => servers.includes(address))),
  );
  return Promise.all(machines.map(({ name }) => work(name)));
}
