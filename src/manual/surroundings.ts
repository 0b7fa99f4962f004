import { exitCodes } from "./reference/exit-codes.js";
import { heading, tagged } from "./roff.js";

/** What the program reads from its environment. */
const environment: readonly (readonly [name: string, means: string])[] = [
  ["HOLDFAST_TOPOLOGY", "The topology file, where no -f names one. Default ./topology.yaml."],
  ["HOLDFAST_PKI", "The authority's and the certificates' directory, where no --pki names one."],
  ["HOLDFAST_OPERATOR", "Whose certificate is used, where no --as names one. Default: the only one there."],
  ["NO_COLOR", "Set to anything: no colours."],
];

/** Where things stand; what is rendered for the engines, 'holdfast render' shows. */
const files: readonly (readonly [path: string, holds: string])[] = [
  ["~/.config/holdfast/CLUSTER", "Where you work: the authority in ca/, which is secret, and certificates."],
  ["/etc/holdfast/pki", "On a node: its certificate and its key."],
  ["/etc/holdfast/node.json", "On a node: there as soon as a topology was applied."],
  [
    "/var/lib/holdfast",
    "On a node: the generations that ran, and what stood on the machine before the first.",
  ],
  ["/run/holdfast/agent.sock", "On a node: where root reaches its agent, as --here does."],
];

/** What stands on the program's own page alone: whatever all commands share. */
export const surroundings = (): string[] => [
  heading("EXIT STATUS"),
  ...exitCodes.map(({ code, of, means }) => tagged(String(code), `Of ${of}: ${means}.`.replaceAll("`", ""))),
  heading("ENVIRONMENT"),
  ...environment.map(([name, means]) => tagged(name, means)),
  heading("FILES"),
  ...files.map(([path, holds]) => tagged(path, holds)),
];
