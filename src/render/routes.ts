import type { Cluster, Node } from "../topology/cluster.js";
import { byName } from "./by-name.js";
import { devicesOf } from "./devices.js";
import { routeProtocol } from "./paths.js";
import { defineTemplate } from "./template.js";

export interface RoutesView {
  readonly links: readonly { readonly device: string; readonly mtu: number }[];
  readonly routes: readonly { readonly destination: string; readonly via: string; readonly device: string }[];
  readonly protocol: number;
}

const sample: RoutesView = {
  links: [{ device: "eth1", mtu: 9000 }],
  routes: [{ destination: "192.168.10.0/24", via: "10.0.1.1", device: "eth1" }],
  protocol: routeProtocol,
};

/** Input of `ip -batch`: link MTUs and static routes. */
export const routes = defineTemplate<RoutesView, [Cluster, Node]>(
  "routes/routes",
  sample,
  (cluster, node) => {
    const network = byName("network", cluster.networks);
    const device = devicesOf(node);
    return {
      links: node.interfaces.flatMap((face) => {
        const { mtu } = network(face.network);
        return mtu === null ? [] : [{ device: face.device, mtu }];
      }),
      routes: cluster.routes.map(({ destination, via, network: through }) => ({
        destination: `${destination.address}/${destination.prefix}`,
        via,
        device: device(through),
      })),
      protocol: routeProtocol,
    };
  },
);
