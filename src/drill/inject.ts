import type { LabFaults } from "../lab/lab.js";
import type { Injection } from "./injection.js";

/** Moves the virtual IPs as planned; resolves when the move was asked for. */
export type Move = (from: string, to: string) => Promise<void>;

export function inject(injection: Injection, faults: LabFaults, move: Move): Promise<void> {
  switch (injection.kind) {
    case "power":
      return faults.powerOff(injection.machine);
    case "kill":
      return faults.signal(injection.machine, injection.daemon, "SIGKILL");
    case "link":
      return faults.linkDown(injection.machine, injection.network);
    case "path":
      return faults.pathDead(injection.machine, injection.network);
    case "move":
      return move(injection.from, injection.to);
  }
}

/** The inverse of each fault. A move needs none: either node serves as well as the other. */
export async function undo(injection: Injection, faults: LabFaults): Promise<void> {
  switch (injection.kind) {
    case "power":
      return faults.powerOn(injection.machine);
    case "kill":
      return faults.start(injection.machine, injection.daemon);
    case "link":
      return faults.linkUp(injection.machine, injection.network);
    case "path":
      return faults.pathAlive(injection.machine, injection.network);
    case "move":
  }
}
