import type { NodePreflight } from "../api/preflight.js";
import { addressBytes, addressText } from "../packet/address.js";
import { macBytes } from "../packet/ethernet.js";
import { protocols } from "../packet/ip.js";
import type { AddressQuestion } from "./address-probe.js";
import type { Answered } from "./asked.js";
import { arpSenderIn, type Frame, ipPacketIn } from "./ethernet-dump.js";
import { type Finding, findingsOf } from "./finding.js";

/** Who answers for an address, as one node heard it. */
export type Claim = NodePreflight["claims"][number];

/** pcap-filter(7) for whatever says who has one of these addresses, but for what this device says itself. */
export function claimsFilter(questions: readonly AddressQuestion[], mac: string): string[] {
  const words = ({ address }: AddressQuestion): string =>
    `0x${addressBytes(address).toString("hex").slice(-8)}`;
  const four = questions.filter(({ family }) => family === 4).map((one) => `arp[14:4] = ${words(one)}`);
  // RFC 4861, 4.4: the target's last four bytes.
  const six = questions.filter(({ family }) => family === 6).map((one) => `ip6[60:4] = ${words(one)}`);
  const all = [
    ...(four.length === 0 ? [] : [`(arp and (${four.join(" or ")}))`]),
    ...(six.length === 0 ? [] : [`(icmp6 and ip6[40] = 136 and (${six.join(" or ")}))`]),
  ];
  // A device without an Ethernet address asks nobody.
  return all.length === 0 || macBytes(mac) === null
    ? []
    : [`((${all.join(" or ")}) and not ether src ${mac})`];
}

/** The link-layer addresses that say they have this address. */
export const claimants = (address: string, frames: readonly Frame[]): string[] => [
  ...new Set(
    frames.flatMap(({ bytes }) => {
      const claim = arpSenderIn(bytes) ?? advertisementIn(bytes);
      return claim?.address === address ? [claim.mac] : [];
    }),
  ),
];

const advertisement = 136;

function advertisementIn(frame: Buffer): { mac: string; address: string } | null {
  const packet = ipPacketIn(frame);
  if (packet === null || packet.family !== 6 || packet.protocol !== protocols.icmp6) return null;
  const { payload, fromMac } = packet;
  if (payload.length < 24 || payload.readUInt8(0) !== advertisement) return null;
  return { mac: fromMac, address: addressText(payload.subarray(8, 24)) };
}

const { ok, error, unknown } = findingsOf("addresses");

/**
 * Whether somebody has an address that is to be a node's, the cluster's, or nobody's.
 *
 * @param silent the nodes that did not say which link-layer addresses are theirs
 */
export function addressHolders(
  node: string,
  answered: readonly Answered[],
  silent: readonly string[],
): Finding[] {
  const own = answered.find((one) => one.node === node)?.report;
  if (own === undefined) return [];
  return [...new Set(own.claims.map(({ network }) => network))].flatMap((network) => {
    const here = own.claims.filter((claim) => claim.network === network);
    const found = here.flatMap((claim) => judged(claim, node, answered, silent));
    const fine = here.filter(({ heard }) => heard !== null).map(({ address }) => address);
    return found.length > 0 || fine.length === 0
      ? found
      : [ok(network, `nobody else answers for ${fine.join(", ")}`)];
  });
}

function judged(
  { network, device, address, kind, heard, refused }: Claim,
  node: string,
  answered: readonly Answered[],
  silent: readonly string[],
): Finding[] {
  const place = `${network}: ${address}`;
  if (heard === null)
    return [unknown(place, `could not be asked for on ${device}: ${refused ?? "nobody knows why"}`)];
  const ownerOf = (mac: string): string | null =>
    answered.find(({ report }) => report.macs.includes(mac))?.node ?? null;
  const strangers = heard.filter((mac) => {
    const owner = ownerOf(mac);
    return kind === "own" ? owner !== node : owner === null;
  });
  if (strangers.length === 0) return [];
  const who = strangers.map((mac) => named(mac, ownerOf(mac))).join(" and ");
  if (kind === "virtual" && silent.length > 0)
    return [
      unknown(
        place,
        `${who} answers for it, which may be ${silent.join(" or ")}: the agent there does not say`,
      ),
    ];
  const port = `find it by its link-layer address in the switches' tables`;
  if (kind === "own")
    return [
      error(place, `somebody else answers for this node's own address: ${who}`, `${port}; one must change`),
    ];
  if (kind === "captured")
    return [
      error(
        place,
        `nat.destination captures this address, and here ${who} answers for it: the machines beside it never send to the cluster`,
        `${port}, and take it off this network: the real one has its place behind the cluster`,
      ),
    ];
  return [
    error(
      place,
      `this virtual IP is somebody else's already: ${who} answers for it`,
      `${port}, and take the address from it; or choose another in virtual_ips`,
    ),
  ];
}

const named = (mac: string, owner: string | null): string => (owner === null ? mac : `${owner} (${mac})`);
