import type { Vpn, VpnServer } from "../../topology/cluster.js";
import { tunnelsOf } from "../../topology/vpn-select.js";
import type { RenderedFile } from "../file.js";
import { bird } from "./bird.js";
import { clientProfile } from "./client-profile.js";
import { clientSettings, otherClients } from "./client-settings.js";
import { vpnPaths, vpnPlaces } from "./places.js";
import { vpnServerConf } from "./server-conf.js";
import { tunnelConf } from "./tunnel-conf.js";
import { vpnSysctl } from "./vpn-sysctl.js";

/** Every template of the virtual network. */
export const vpnTemplates = [
  vpnServerConf,
  tunnelConf,
  clientSettings,
  otherClients,
  bird,
  vpnSysctl,
  clientProfile,
] as const;

/** All files of a server, sorted by path. The same input gives the same bytes. @throws on a string no engine may see */
export function renderVpnServer(vpn: Vpn, server: VpnServer, places = vpnPlaces): RenderedFile[] {
  return [
    openvpnFile(vpnPaths.server(vpn.name), vpnServerConf.render(vpn, server, places)),
    ...tunnelsOf(vpn, server).map((tunnel) =>
      openvpnFile(vpnPaths.tunnel(vpn.name, tunnel.number), tunnelConf.render(vpn, server, tunnel, places)),
    ),
    ...vpn.clients.map((client) =>
      openvpnFile(vpnPaths.client(vpn.name, client.name), clientSettings.render(vpn, client)),
    ),
    // OpenVPN does not start without their directory, whether there are any or not.
    openvpnFile(vpnPaths.client(vpn.name, "DEFAULT"), otherClients.render()),
    birdFile(bird.render(vpn, server)),
    sysctlFile(vpnSysctl.render(vpn)),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

const root = { user: "root", group: "root" };

/** OpenVPN reads it before it gives up root, where it does. */
const openvpnFile = (path: string, body: string): RenderedFile => ({
  path,
  mode: 0o640,
  owner: root,
  body,
  engine: "openvpn",
});

/** BIRD is `bird` when it reads its file again. */
const birdFile = (body: string): RenderedFile => ({
  path: vpnPaths.bird,
  mode: 0o640,
  owner: { user: "root", group: "bird" },
  body,
  engine: "bird",
});

const sysctlFile = (body: string): RenderedFile => ({
  path: vpnPaths.sysctl,
  mode: 0o644,
  owner: root,
  body,
  engine: "sysctl",
});
