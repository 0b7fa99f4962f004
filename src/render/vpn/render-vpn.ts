import type { Vpn, VpnServer } from "../../topology/vpn.js";
import { tunnelsOf } from "../../topology/vpn-select.js";
import type { RenderedFile } from "../file.js";
import { bird } from "./bird.js";
import { clientProfile } from "./client-profile.js";
import { clientSettings } from "./client-settings.js";
import { vpnPaths, vpnPlaces } from "./places.js";
import { vpnServerConf } from "./server-conf.js";
import { tunnelConf } from "./tunnel-conf.js";
import { vpnSysctl } from "./vpn-sysctl.js";

/** One file of a server of the virtual network. */
export interface VpnFile extends Omit<RenderedFile, "engine"> {
  readonly engine: "openvpn" | "bird" | "sysctl";
}

/** Every template of the virtual network. */
export const vpnTemplates = [
  vpnServerConf,
  tunnelConf,
  clientSettings,
  bird,
  vpnSysctl,
  clientProfile,
] as const;

/** All files of a server, sorted by path. The same input gives the same bytes. @throws on a string no engine may see */
export function renderVpnServer(vpn: Vpn, server: VpnServer, places = vpnPlaces): VpnFile[] {
  return [
    openvpnFile(vpnPaths.server(vpn.name), vpnServerConf.render(vpn, server, places)),
    ...tunnelsOf(vpn, server).map((tunnel) =>
      openvpnFile(vpnPaths.tunnel(vpn.name, tunnel.number), tunnelConf.render(vpn, server, tunnel, places)),
    ),
    ...vpn.clients.map((client) =>
      openvpnFile(vpnPaths.client(vpn.name, client.name), clientSettings.render(vpn, client)),
    ),
    birdFile(bird.render(vpn, server)),
    {
      path: vpnPaths.sysctl,
      mode: 0o644,
      owner: root,
      body: vpnSysctl.render(vpn),
      engine: "sysctl" as const,
    },
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The files of every server, by its name, in the topology's order. */
export const renderVpn = (vpn: Vpn, places = vpnPlaces): Map<string, VpnFile[]> =>
  new Map(vpn.servers.map((server) => [server.name, renderVpnServer(vpn, server, places)]));

const root = { user: "root", group: "root" };

/** OpenVPN reads it before it gives up root, where it does. */
const openvpnFile = (path: string, body: string): VpnFile => ({
  path,
  mode: 0o640,
  owner: root,
  body,
  engine: "openvpn",
});

/** BIRD is `bird` when it reads its file again. */
const birdFile = (body: string): VpnFile => ({
  path: vpnPaths.bird,
  mode: 0o640,
  owner: { user: "root", group: "bird" },
  body,
  engine: "bird",
});
