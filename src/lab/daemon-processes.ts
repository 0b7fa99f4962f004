import { basename } from "node:path";

/** The command of holdfast that it runs. */
const commandOf = (argv: readonly string[]): string | undefined =>
  argv[argv.findIndex((part) => part.endsWith("/cli/main.js")) + 1];

/** Whether a process with these arguments belongs to the daemon. Workers carry their master's arguments. */
const belongs: Readonly<Record<string, (argv: readonly string[]) => boolean>> = {
  keepalived: ([file = ""]) => basename(file) === "keepalived",
  haproxy: ([file = ""]) => basename(file) === "haproxy",
  conntrackd: ([file = ""]) => basename(file) === "conntrackd",
  "holdfast-multiplexer": (argv) => commandOf(argv) === "multiplexer",
  "holdfast-agent": (argv) => commandOf(argv) === "agent",
  openvpn: ([file = ""]) => basename(file) === "openvpn",
  bird: ([file = ""]) => basename(file) === "bird",
  controller: (argv) => argv.some((part) => basename(part) === "osken-manager"),
  "ovs-vswitchd": ([file = ""]) => basename(file) === "ovs-vswitchd",
  responder: (argv) => argv.some((part) => basename(part) === "responder.py"),
};

export function daemonMatcher(daemon: string): (argv: readonly string[]) => boolean {
  const matches = belongs[daemon];
  if (matches === undefined)
    throw new Error(`there is no daemon ${daemon}; known: ${daemonNames.join(", ")}`);
  return matches;
}

/** Names of the daemons that any of the processes belongs to. */
export const daemonsAmong = (processes: readonly (readonly string[])[]): string[] =>
  daemonNames.filter((daemon) => processes.some(belongs[daemon] ?? (() => false)));

const daemonNames = Object.keys(belongs);
