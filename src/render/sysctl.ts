import type { Cluster, Node } from "../topology/cluster.js";
import { speaks } from "./devices.js";
import { defineTemplate } from "./template.js";

export interface SysctlView {
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  readonly devices: readonly string[];
}

const sample: SysctlView = { ipv4: true, ipv6: true, devices: ["eth1"] };

/** Kernel settings in sysctl.d(5)'s form with slashes, in which a device may have a dot in its name. */
export const sysctl = defineTemplate<SysctlView, [Cluster, Node]>(
  "sysctl/90-holdfast.conf",
  sample,
  (cluster, node) => ({
    ipv4: speaks(cluster, 4),
    ipv6: speaks(cluster, 6),
    devices: node.interfaces.map(({ device }) => device),
  }),
);
