import { fillIn } from "../topology/imported.js";
import { looks, map, scalar } from "../topology/yaml-words.js";
import type { ImportedVpnServer } from "./servers.js";

export interface ImportedVpn {
  readonly remarks: readonly string[];
  readonly servers: readonly ImportedVpnServer[];
  /** Null: the default. */
  readonly backboneDevice: string | null;
}

/** The topology as a file, with what a human has to look at in comments that begin with `LOOK`. */
export const vpnTopologyText = ({ remarks, servers, backboneDevice }: ImportedVpn): string =>
  [
    "# yaml-language-server: $schema=./topology.schema.json",
    "# Made by 'holdfast vpn import' of cube-routed's files. Whatever needs a human begins with LOOK; what no file says is",
    "# FILL-IN, which 'holdfast validate' refuses.",
    ...looks(remarks, 0),
    "cluster: imported",
    "",
    "vpn:",
    "  name: overlay",
    `  pool: ${fillIn}`,
    "  servers:",
    ...servers.flatMap(server),
    ...(backboneDevice === null ? [] : [`  backbone: ${map({ device: scalar(backboneDevice) })}`]),
    "  # A client that keeps its address on both servers, by its certificate's common name:",
    "  # clients:",
    "  #   - { name: host1, address: FILL-IN }",
    "",
  ].join("\n");

const server = ({ name, backbone, device, managementPort, passwordFile, remarks }: ImportedVpnServer) => [
  ...looks(remarks, 4),
  `    - name: ${name}`,
  `      address: ${fillIn}`,
  `      clients: ${fillIn}`,
  `      backbone: ${scalar(backbone)}`,
  ...(device === null ? [] : [`      device: ${scalar(device)}`]),
  `      management: ${map({ port: managementPort, password_file: passwordFile === null ? null : scalar(passwordFile) })}`,
];
