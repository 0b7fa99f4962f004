import type { Fault, Signal, Situation } from "./drill.js";

/** A fault with its machine: what is really done. */
export type Injection =
  | { readonly kind: "power"; readonly machine: string }
  | { readonly kind: "signal"; readonly machine: string; readonly daemon: string; readonly signal: Signal }
  | { readonly kind: "link" | "path"; readonly machine: string; readonly network: string }
  | { readonly kind: "move"; readonly from: string; readonly to: string };

export function resolve(fault: Fault, situation: Situation): Injection {
  switch (fault.kind) {
    case "power":
      return { kind: "power", machine: situation[fault.on] };
    case "signal": {
      const { on, daemon, signal } = fault;
      const machine = on === "busiest-server" ? situation.busiestServer.machine : situation[on];
      return { kind: "signal", machine, daemon, signal };
    }
    case "link":
    case "path":
      return { kind: fault.kind, machine: situation[fault.on], network: situation.network };
    case "move":
      return { kind: "move", from: situation.active, to: situation.standby };
  }
}

/** For the table's second column. */
export function describe(injection: Injection): string {
  switch (injection.kind) {
    case "power":
      return `${injection.machine} off`;
    case "signal":
      return `${injection.signal} of ${injection.daemon} on ${injection.machine}`;
    case "link":
      return `link ${injection.machine} - ${injection.network} down`;
    case "path":
      return `${injection.machine} - ${injection.network} passes nothing`;
    case "move":
      return `${injection.from} -> ${injection.to}`;
  }
}

/** Where it strikes, for a picture. A move strikes nobody. */
export function struckBy(injection: Injection): { machine: string | null; network: string | null } {
  if (injection.kind === "move") return { machine: null, network: null };
  return { machine: injection.machine, network: "network" in injection ? injection.network : null };
}
