import { pair, type World } from "../src/drill/vpn/world.js";

type Signal = "SIGTERM" | "SIGKILL";

/** What happens in a storm. */
export type Step =
  | { readonly kind: "connect"; readonly client: string; readonly server: string }
  | { readonly kind: "leave"; readonly client: string; readonly signal: Signal }
  /** Its OpenVPN ends, and begins at another server. */
  | { readonly kind: "roam"; readonly client: string; readonly server: string; readonly signal: Signal }
  | { readonly kind: "power off" | "power on"; readonly server: string }
  | { readonly kind: "cut" | "heal"; readonly server: string; readonly other: string }
  | { readonly kind: "kill"; readonly server: string; readonly daemon: string };

/** Once more for each part of the chance. */
const kinds = [
  ...["connect", "connect", "connect", "leave", "leave", "leave", "roam", "roam", "roam", "roam", "roam"],
  ...["power off", "power off", "power on", "power on", "power on"],
  ...["cut", "cut", "heal", "heal", "heal", "kill", "kill", "kill"],
] as const;

const daemons = ["holdfast-agent", "bird", "openvpn"];

/** So many servers have power, always. */
const fewestOn = 2;
const mostCuts = 3;

/** What happens next, of what can happen. */
export function nextStep(world: World, random: () => number): Step {
  for (;;) {
    const step = stepOf(pick(kinds, random) ?? "kill", world, random);
    if (step !== null) return step;
  }
}

function stepOf(kind: Step["kind"], world: World, random: () => number): Step | null {
  const on = world.servers.filter((server) => server.on).map(({ name }) => name);
  const off = world.servers.filter((server) => !server.on).map(({ name }) => name);
  const client = (running: boolean) =>
    pick(
      world.clients.filter((each) => each.running === running).map(({ name }) => name),
      random,
    );
  const signal = () => (random() < 0.5 ? "SIGTERM" : "SIGKILL");
  switch (kind) {
    case "connect":
      return whole({ kind, client: client(false), server: pick(on, random) });
    case "leave":
      return whole({ kind, client: client(true), signal: signal() });
    case "roam":
      return whole({ kind, client: client(true), server: pick(on, random), signal: signal() });
    case "power off":
      return on.length <= fewestOn ? null : whole({ kind, server: pick(on, random) });
    case "power on":
      return whole({ kind, server: pick(off, random) });
    case "cut": {
      if (world.cuts.size >= mostCuts) return null;
      const names = world.servers.map(({ name }) => name);
      const [server, other] = [pick(names, random), pick(names, random)];
      return server === other || world.cuts.has(pair(server ?? "", other ?? ""))
        ? null
        : whole({ kind, server, other });
    }
    case "heal": {
      const [server, other] = pick([...world.cuts].sort(), random)?.split(" ") ?? [];
      return whole({ kind, server, other });
    }
    case "kill":
      return whole({ kind, server: pick(on, random), daemon: pick(daemons, random) });
  }
}

/** Null where there is nobody of whom it could be said. */
const whole = (step: { readonly [Key in string]: string | undefined }): Step | null =>
  Object.values(step).includes(undefined) ? null : (step as Step);

const pick = <T>(things: readonly T[], random: () => number): T | undefined =>
  things[Math.floor(random() * things.length)];

/** What is true from then on. */
export function take(world: World, step: Step): void {
  const server = (name: string) => world.servers.filter((each) => each.name === name);
  const client = (name: string) => world.clients.filter((each) => each.name === name);
  switch (step.kind) {
    case "connect":
    case "roam":
      for (const each of client(step.client)) each.running = true;
      break;
    case "leave":
      for (const each of client(step.client)) each.running = false;
      break;
    case "power off":
    case "power on":
      for (const each of server(step.server)) each.on = step.kind === "power on";
      break;
    case "cut":
      world.cuts.add(pair(step.server, step.other));
      break;
    case "heal":
      world.cuts.delete(pair(step.server, step.other));
      break;
    case "kill": // It is started again.
  }
}

export const shown = (step: Step): string => Object.values(step).join(" ");
