import { addressBytes } from "../packet/address.js";
import { checksum, pseudoHeader } from "../packet/checksum.js";
import { ethernet, etherTypes, macBytes } from "../packet/ethernet.js";
import { ipHeader, protocols } from "../packet/ip.js";
import { contains } from "../topology/address.js";
import type { Cluster, Family, Node } from "../topology/cluster.js";
import { ip, prefixOf } from "../topology/cluster-addresses.js";
import { networkNamed, virtualIpsOn } from "../topology/select.js";
import type { Link } from "./devices.js";

/** An address of which it is asked who has it. */
export interface AddressQuestion {
  readonly network: string;
  readonly device: string;
  readonly family: Family;
  readonly address: string;
  /** `virtual`: nobody but a node may; `captured`: nobody on this network; `own`: nobody but this node. */
  readonly kind: "virtual" | "captured" | "own";
}

/** More would be a scan. */
const most = 128;

/** What a node asks about. */
export function addressQuestions(cluster: Cluster, node: Node): AddressQuestion[] {
  const all = node.interfaces.flatMap(({ network, device, addresses }) => {
    const asked = (kind: AddressQuestion["kind"], of: readonly string[]): AddressQuestion[] =>
      of.map((address) => ({ network, device, family: ip(address).family, address, kind }));
    const virtual = virtualIpsOn(cluster, network).flatMap((each) => each.addresses);
    return [
      ...asked(
        "virtual",
        virtual.map(({ address }) => address),
      ),
      ...asked("captured", capturedBeside(cluster, network)),
      ...asked(
        "own",
        addresses.map(({ address }) => address),
      ),
    ];
  });
  return all.slice(0, most);
}

/** Captured addresses that whoever is on the inbound network would ask for there, and not send to a router. */
const capturedBeside = (cluster: Cluster, network: string): string[] => {
  const places = networkNamed(cluster, network).cidrs.map(prefixOf);
  const captured = cluster.nat.destination.filter(({ inbound }) => inbound === network);
  const beside = captured.filter(({ address }) => places.some((place) => contains(place, ip(address))));
  return [...new Set(beside.map(({ address }) => address))];
};

/**
 * A frame that asks who has the address, and tells nobody anything; null where this device cannot ask.
 * IPv4: an ARP probe, whose sender has no address, so that nobody's table takes it up (RFC 5227, 2.1.1).
 * IPv6: a neighbour solicitation from the device's link-local address. One without a source would be a claim of its own:
 * a node that is just taking the address up would give it up again (RFC 4862, 5.4.3).
 */
export function addressProbe({ family, address }: AddressQuestion, link: Link): Buffer | null {
  const mac = macBytes(link.mac);
  if (mac === null) return null;
  if (family === 4) return arpProbe(mac, addressBytes(address));
  const own = link.addresses.find((each) => each.startsWith("fe80:"))?.replace(/\/.*/, "");
  return own === undefined ? null : solicitation(mac, addressBytes(own), addressBytes(address));
}

/** RFC 826: Ethernet and IPv4, request; sender, target. */
const arpProbe = (mac: Buffer, target: Buffer): Buffer =>
  Buffer.concat([
    ethernet(Buffer.alloc(6, 0xff), mac, etherTypes.arp),
    Buffer.from([0, 1, 8, 0, 6, 4, 0, 1]),
    ...[mac, Buffer.alloc(4), Buffer.alloc(6), target],
  ]);

/** RFC 4861, 4.3, to the target's solicited-node address (RFC 4291, 2.7.1). */
function solicitation(mac: Buffer, own: Buffer, target: Buffer): Buffer {
  const last = target.subarray(13);
  const to = Buffer.concat([Buffer.from("ff0200000000000000000001ff", "hex"), last]);
  const message = Buffer.concat([Buffer.from([135, 0, 0, 0, 0, 0, 0, 0]), target, Buffer.from([1, 1]), mac]);
  const { length } = message;
  message.writeUInt16BE(checksum(pseudoHeader(own, to, protocols.icmp6, length), message), 2);
  const multicast = Buffer.concat([Buffer.from("3333ff", "hex"), last]);
  return Buffer.concat([
    ethernet(multicast, mac, etherTypes.ip6),
    ipHeader(own, to, protocols.icmp6, length, 255),
    message,
  ]);
}
