import { vpnPaths } from "../render/vpn/places.js";
import type { KeptDaemon } from "./keeper.js";

/** The names of OpenVPN's services: a template unit of Debian's (systemd.unit(5)), and which file it runs. */
const openvpnService = /^openvpn-server@([A-Za-z0-9][A-Za-z0-9_.-]*)$/;

/** As Debian's bird.service. */
export const birdDaemon: KeptDaemon = {
  name: "bird",
  argv: ["/usr/sbin/bird", "-f", "-u", "bird", "-g", "bird"],
  requires: vpnPaths.bird,
  reload: "SIGHUP",
  restartDelay: 500,
  priority: null,
};

/** As Debian's openvpn-server@.service; null where the name is none of it. */
export function openvpnDaemon(service: string): KeptDaemon | null {
  const name = openvpnService.exec(service)?.[1];
  if (name === undefined) return null;
  const conf = vpnPaths.server(name);
  return {
    name: service,
    argv: ["/usr/sbin/openvpn", "--suppress-timestamps", "--cd", "/etc/openvpn/server", "--config", conf],
    requires: conf,
    reload: null,
    restartDelay: 500,
    priority: null,
  };
}
