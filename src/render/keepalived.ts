import type { Cluster, HostAddress, Network, Node } from "../topology/cluster.js";
import { interfaceOn, virtualIpsOn, vrrpNetworks } from "../topology/select.js";
import { addressesOf, peerAddresses } from "./devices.js";
import { paths } from "./paths.js";
import { defineTemplate } from "./template.js";

interface VirtualAddress {
  /** With its prefix length. */
  readonly address: string;
  readonly device: string;
  /** An IPv6 virtual IP must not become the source of what the node itself sends (RFC 6724, rule 3). */
  readonly deprecated: boolean;
}

interface InstanceView {
  readonly name: string;
  readonly device: string;
  readonly virtualRouterId: number;
  readonly priority: number;
  /** Seconds. */
  readonly advertInterval: number;
  readonly downAdverts: number;
  readonly preempt: boolean;
  /** Seconds. */
  readonly preemptDelay: number;
  readonly tracksFault: boolean;
  readonly source: string;
  readonly peers: readonly string[];
  /** What the adverts carry. */
  readonly announced: VirtualAddress;
  /** Moves with it, without a place in the adverts. */
  readonly others: readonly VirtualAddress[];
}

export interface KeepalivedView {
  readonly node: string;
  readonly fifo: string;
  readonly fault: string;
  /** Instances that move as one; none where there is only one (keepalived refuses a group of one). */
  readonly group: { readonly name: string; readonly members: readonly string[] } | null;
  readonly instances: readonly InstanceView[];
}

const sampleAddress = { address: "10.0.1.100/24", device: "eth1", deprecated: true };

const sample: KeepalivedView = {
  node: "lb-a",
  fifo: paths.vrrpFifo,
  fault: paths.fault,
  group: { name: "campus", members: ["switches"] },
  instances: [
    {
      name: "switches",
      device: "eth1",
      virtualRouterId: 51,
      priority: 254,
      advertInterval: 0.1,
      downAdverts: 3,
      preempt: true,
      preemptDelay: 10,
      tracksFault: true,
      source: "10.0.1.2",
      peers: ["10.0.1.3"],
      announced: sampleAddress,
      others: [sampleAddress],
    },
  ],
};

export const keepalived = defineTemplate<KeepalivedView, [Cluster, Node]>(
  "keepalived/keepalived.conf",
  sample,
  (cluster, node) => {
    const networks = vrrpNetworks(cluster);
    const grouped = networks.length > 1;
    return {
      node: node.name,
      fifo: paths.vrrpFifo,
      fault: paths.fault,
      group: grouped ? { name: cluster.name, members: networks.map(({ name }) => name) } : null,
      instances: networks.map((network) => instance(cluster, node, network, !grouped)),
    };
  },
);

function instance(cluster: Cluster, node: Node, network: Network, tracksFault: boolean): InstanceView {
  const face = interfaceOn(node, network.name);
  const addresses = virtualIpsOn(cluster, network.name).flatMap((virtualIp) => virtualIp.addresses);
  const announced = addresses.find(({ family }) => family === 4) ?? addresses[0];
  const source = face && announced && addressesOf(face, announced.family)[0];
  if (!face || !announced || !source || network.virtualRouterId === null)
    throw new Error(`node ${node.name} cannot speak VRRP on network ${network.name}`);
  const virtualAddress = (address: HostAddress): VirtualAddress => ({
    address: `${address.address}/${address.prefix}`,
    device: face.device,
    deprecated: address.family === 6,
  });
  return {
    name: network.name,
    device: face.device,
    virtualRouterId: network.virtualRouterId,
    priority: node.priority,
    advertInterval: cluster.failover.advertInterval / 1000,
    downAdverts: cluster.failover.downAdverts,
    preempt: cluster.failover.preempt,
    preemptDelay: cluster.failover.preemptDelay / 1000,
    tracksFault,
    source,
    peers: peerAddresses(cluster, node, network.name, announced.family),
    announced: virtualAddress(announced),
    others: addresses.filter((address) => address !== announced).map(virtualAddress),
  };
}
