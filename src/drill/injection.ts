import type { Fault, Situation } from "./drill.js";

/** A fault with its machine: what is really done. */
export type Injection =
  | { readonly kind: "power"; readonly machine: string }
  | { readonly kind: "kill"; readonly machine: string; readonly daemon: string }
  | { readonly kind: "link" | "path"; readonly machine: string; readonly network: string }
  | { readonly kind: "move"; readonly from: string; readonly to: string };

export function resolve(fault: Fault, situation: Situation): Injection {
  switch (fault.kind) {
    case "power":
      return { kind: "power", machine: situation.active };
    case "kill":
      return {
        kind: "kill",
        machine: fault.on === "active" ? situation.active : situation.busiestServer.machine,
        daemon: fault.daemon,
      };
    case "link":
    case "path":
      return { kind: fault.kind, machine: situation.active, network: situation.network };
    case "move":
      return { kind: "move", from: situation.active, to: situation.standby };
  }
}

/** For the table's second column. */
export function describe(injection: Injection): string {
  switch (injection.kind) {
    case "power":
      return `${injection.machine} off`;
    case "kill":
      return `SIGKILL of ${injection.daemon} on ${injection.machine}`;
    case "link":
      return `link ${injection.machine} - ${injection.network} down`;
    case "path":
      return `${injection.machine} - ${injection.network} passes nothing`;
    case "move":
      return `${injection.from} -> ${injection.to}`;
  }
}
