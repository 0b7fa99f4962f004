import type { Lab, LabProcess } from "../src/lab/lab.js";
import { program } from "../src/lab/program.js";

/** A program and every line that it said. */
export interface Speaker {
  readonly running: LabProcess;
  readonly lines: string[];
}

/** A real os-ken with these applications, in the place of the one that the lab started. */
export async function speaking(lab: Lab, name: string, ...applications: string[]): Promise<Speaker> {
  await lab.faults.signal(name, "controller", "SIGKILL");
  const machine = lab.machine(name);
  const [address = ""] = machine.addresses.controllers ?? [];
  const where = ["--ofp-tcp-listen-port", "6653", "--ofp-listen-host", address];
  const files = applications.map((each) => `${program.root}/lab/${each}`);
  const running = await machine.spawn([
    "/usr/bin/python3",
    "-B",
    "/usr/bin/osken-manager",
    ...where,
    ...files,
  ]);
  const lines: string[] = [];
  running.onLine((line) => void lines.push(line));
  return { running, lines };
}
