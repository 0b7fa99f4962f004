import type { Cluster, HostAddress, Interface, Node } from "../topology/cluster.js";
import { networkNamed } from "../topology/select.js";
import { type Finding, findingsOf } from "./finding.js";

/** A network device as `ip -json address show` has it (ip-address(8)). */
export interface Link {
  readonly index: number;
  readonly name: string;
  readonly up: boolean;
  readonly carrier: boolean;
  readonly mtu: number;
  readonly mac: string;
  /** With prefix length. */
  readonly addresses: readonly string[];
}

interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly flags?: readonly string[];
  readonly mtu?: number;
  readonly address?: string;
  readonly addr_info?: readonly { readonly local?: string; readonly prefixlen?: number }[];
}

export function parseLinks(json: string): Link[] {
  const links: readonly IpLink[] = JSON.parse(json);
  return links.map(({ ifindex, ifname, flags = [], mtu = 0, address = "", addr_info = [] }) => ({
    ...{ index: ifindex, name: ifname, mtu, mac: address },
    up: flags.includes("UP"),
    carrier: flags.includes("LOWER_UP"),
    addresses: addr_info.flatMap(({ local, prefixlen }) =>
      local === undefined ? [] : [`${local}/${prefixlen}`],
    ),
  }));
}

const { ok, warning, error } = findingsOf("devices");

/** Whether the node's devices are there, lead somewhere, and stand as the topology has them. */
export const devices = (cluster: Cluster, node: Node, links: readonly Link[]): Finding[] =>
  node.interfaces.map((face) => {
    const link = links.find(({ name }) => name === face.device);
    const place = `${face.device} (${face.network})`;
    if (link === undefined)
      return error(
        place,
        `this node has no device ${face.device}; it has ${names(links)}`,
        "name the device in the topology as 'ip link' does",
      );
    if (!link.up)
      return error(place, "the device is down", `ip link set ${face.device} up, and see that it is at boot`);
    if (!link.carrier)
      return error(place, "no carrier: nothing is at the other end", "look at the cable and the switch port");
    return addresses(place, face, link) ?? mtu(cluster, place, face, link);
  });

function addresses(place: string, { device, addresses: own }: Interface, link: Link): Finding | null {
  const missing = own.find((address) => !link.addresses.includes(text(address)));
  if (missing === undefined) return null;
  const other = link.addresses.find((address) => address.startsWith(`${missing.address}/`));
  const found =
    other === undefined
      ? `its address ${text(missing)} is not there${link.addresses.length === 0 ? "" : `, but ${link.addresses.join(", ")}`}`
      : `its address is ${other}, not ${text(missing)}: part of the network would not be reached directly`;
  const change = `ip address add ${text(missing)} dev ${device}`;
  return error(place, found, `give the device its address for good, also at boot (now: ${change})`);
}

function mtu(cluster: Cluster, place: string, { device, network }: Interface, link: Link): Finding {
  const wanted = networkNamed(cluster, network).mtu;
  const has = `up, with carrier and ${link.addresses.join(", ")}, MTU ${link.mtu}`;
  if (wanted === null || wanted === link.mtu) return ok(place, has);
  return warning(
    place,
    `its MTU is ${link.mtu}, the topology's ${wanted}`,
    `an apply sets it; see that the switches between carry ${wanted} bytes (now: ip link set ${device} mtu ${wanted})`,
  );
}

const text = ({ address, prefix }: HostAddress): string => `${address}/${prefix}`;

const names = (links: readonly Link[]): string =>
  links
    .map(({ name }) => name)
    .filter((name) => name !== "lo")
    .join(", ") || "none";
