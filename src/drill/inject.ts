import type { LabFaults } from "../lab/lab.js";
import type { Injection } from "./injection.js";

/** Moves the virtual IPs as planned. Resolves to when the node that had them was asked to step back, in wall-clock milliseconds. */
export type Move = (from: string, to: string) => Promise<number>;

/** Resolves to when the fault began, in wall-clock milliseconds. */
export async function inject(injection: Injection, faults: LabFaults, move: Move): Promise<number> {
  // What is looked at before a planned move harms nobody: it begins when the active node steps back.
  if (injection.kind === "move") return move(injection.from, injection.to);
  const at = Date.now();
  await bring(injection, faults);
  return at;
}

function bring(injection: Exclude<Injection, { kind: "move" }>, faults: LabFaults): Promise<void> {
  switch (injection.kind) {
    case "power":
      return faults.powerOff(injection.machine);
    case "signal":
      return faults.signal(injection.machine, injection.daemon, injection.signal);
    case "link":
      return faults.linkDown(injection.machine, injection.network);
    case "path":
      return faults.pathDead(injection.machine, injection.network);
  }
}

/** The inverse of each fault. A move needs none: either node serves as well as the other. */
export async function undo(injection: Injection, faults: LabFaults): Promise<void> {
  switch (injection.kind) {
    case "power":
      return faults.powerOn(injection.machine);
    case "signal":
      // The agent may have ended what stood still.
      if (injection.signal === "SIGSTOP") await faults.signal(injection.machine, injection.daemon, "SIGCONT");
      return faults.start(injection.machine, injection.daemon);
    case "link":
      return faults.linkUp(injection.machine, injection.network);
    case "path":
      return faults.pathAlive(injection.machine, injection.network);
    case "move":
  }
}
