export type { Vpn, VpnAddress, VpnClient, VpnManagement, VpnProtocol, VpnServer } from "./cluster.js";
