import type { Daemon } from "../daemons.js";
import { paths } from "../paths.js";
import { vpnPaths } from "./places.js";
import { confOf } from "./vpn-services.js";

/** As Debian's openvpn-server@.service runs a file: it cannot read it again, and is restarted. */
export const openvpnDaemon = (name: `openvpn-server@${string}`): Daemon => ({
  name,
  argv: ["/usr/sbin/openvpn", "--suppress-timestamps", "--config", confOf(name)],
  requires: confOf(name),
  reload: null,
  restartDelay: 500,
  priority: null,
});

/** As Debian's bird.service runs it; it reads its file again at SIGHUP, as `birdc configure` has it do. */
export const birdDaemon: Daemon = {
  name: "bird",
  argv: ["/usr/sbin/bird", "-f", "-u", "bird", "-g", "bird", "-c", vpnPaths.bird, "-s", paths.birdSocket],
  requires: vpnPaths.bird,
  reload: "SIGHUP",
  restartDelay: 500,
  priority: null,
};
