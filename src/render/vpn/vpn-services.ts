import type { RenderedFile } from "../file.js";
import { vpnPaths } from "./places.js";

/** A unit of Debian's on a VPN server: its BIRD, or an OpenVPN process of a file of its own. */
export type VpnService = "bird" | `openvpn-server@${string}`;

const confPattern = /^\/etc\/openvpn\/server\/([A-Za-z0-9][A-Za-z0-9_.@-]*)\.conf$/;

/** The unit that runs an OpenVPN file; null for any other file, those of clients among them. */
export function openvpnService(path: string): `openvpn-server@${string}` | null {
  const name = confPattern.exec(path)?.[1];
  return name === undefined ? null : `openvpn-server@${name}`;
}

export const isVpnService = (name: string): name is VpnService =>
  name === "bird" || (name.startsWith("openvpn-server@") && openvpnService(confOf(name)) === name);

export const confOf = (service: string): string =>
  `/etc/openvpn/server/${service.slice("openvpn-server@".length)}.conf`;

/** The units that these files are for, with the file that each needs: OpenVPN's, then BIRD, to which their devices belong. */
export function vpnServices(
  files: readonly Pick<RenderedFile, "path">[],
): { readonly name: VpnService; readonly requires: string }[] {
  const openvpn = files.flatMap(({ path }) => {
    const name = openvpnService(path);
    return name === null ? [] : [{ name, requires: path }];
  });
  const bird = files.filter(({ path }) => path === vpnPaths.bird);
  return [...openvpn, ...bird.map(({ path }) => ({ name: "bird" as const, requires: path }))];
}

/** Whether these are the files of a VPN server, and not those of a node. */
export const isVpnServer = (files: readonly Pick<RenderedFile, "path">[]): boolean =>
  files.some(({ path }) => path === vpnPaths.bird);
