import type { Cluster, Node } from "../topology/cluster.js";
import { bootCommands } from "./boot.js";
import { paths } from "./paths.js";
import { defineTemplate } from "./template.js";

export interface NetworkUnitView {
  readonly cluster: string;
  readonly nodeJson: string;
  readonly commands: readonly { readonly mayFail: boolean; readonly argv: readonly string[] }[];
}

const sample: NetworkUnitView = {
  cluster: "campus",
  nodeJson: paths.nodeJson,
  commands: [{ mayFail: true, argv: ["/usr/sbin/ip", "-batch", paths.routes] }],
};

/** The systemd unit that runs the boot commands; the lab's supervisor runs the same ones. */
export const networkUnit = defineTemplate<NetworkUnitView, [Cluster, Node]>(
  "systemd/holdfast-network.service",
  sample,
  (cluster, node) => ({
    cluster: cluster.name,
    nodeJson: paths.nodeJson,
    commands: bootCommands(cluster, node),
  }),
);
