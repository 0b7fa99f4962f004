import type { CableEnd, Layout, MachinePlan, Port, Segment } from "./layout-plan.js";
import { namespaceOf } from "./names.js";

/**
 * The lines of `ip -batch` that make a lab's links. Every name in them is ours or was checked by the topology's rules:
 * none holds a space or a newline.
 */
export const bridgeLines = ({ bridge, mtu }: Segment): string[] => [
  `link add ${bridge} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
  ...(mtu === null ? [] : [`link set ${bridge} mtu ${mtu}`]),
  `link set ${bridge} up`,
];

/** In the fabric: a cable from the machine's device to the segment's bridge. */
export const portLines = (layout: Layout, machine: MachinePlan): string[] =>
  machine.ports.flatMap((port) => {
    const { bridge, mtu } = segmentOf(layout, port);
    const size = mtu === null ? "" : ` mtu ${mtu}`;
    const home = namespaceOf(layout.cluster, machine.name);
    return [
      `link add ${port.name}${size} type veth peer name ${port.device} address ${port.mac}${size} netns ${home}`,
      `link set ${port.name} master ${bridge} up`,
    ];
  });

/** In the machine: addresses first, so that no router solicitation leaves before them. */
export const addressLines = (machine: MachinePlan): string[] => [
  ...machine.ports.flatMap(({ device, addresses }) => [
    ...addresses.map(({ address, prefix }) => `address add ${address}/${prefix} dev ${device}`),
    `link set ${device} up`,
  ]),
  ...machine.routes.map(
    (route) =>
      `route add ${route.destination} ${"via" in route ? `via ${route.via}` : `dev ${route.device}`}`,
  ),
];

/** In the namespace of the first end. */
export const cableLines = (cluster: string, [near, far]: readonly [CableEnd, CableEnd]): string[] => [
  `link add ${near.device} type veth peer name ${far.device} netns ${namespaceOf(cluster, far.machine)}`,
];

export const cableEndLines = ({ device, addresses }: CableEnd): string[] => [
  ...addresses.map(({ address, prefix }) => `address add ${address}/${prefix} dev ${device}`),
  `link set ${device} up`,
];

export function segmentOf(layout: Layout, port: Port): Segment {
  const segment = layout.segments.find(({ name }) => name === port.segment);
  if (segment === undefined) throw new Error(`${port.segment} is not part of the lab`);
  return segment;
}

/** The machine's links to a network; there is at least one. */
export function portsOn(machine: MachinePlan, network: string): Port[] {
  const ports = machine.ports.filter(({ segment }) => segment === network);
  if (ports.length > 0) return ports;
  const known = machine.ports.map(({ segment }) => segment).join(", ") || "none";
  throw new Error(`${machine.name} has no link on ${network}; its links: ${known}`);
}
