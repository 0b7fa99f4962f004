import type { Cluster, HostAddress } from "../../topology/cluster.js";

/** pcap-filter(7) for everything that the record keeps: adverts, claims to virtual IPs, and what is sent from them. */
export const recordFilter = (cluster: Cluster): string => {
  const served = addressesOf(cluster).map(({ address }) => `src host ${address}`);
  return either([
    "ip proto 112",
    "ip6 proto 112",
    ...claims(cluster),
    `outbound and (tcp or icmp or icmp6) and ${either(served)}`,
  ]);
};

/** The same for what the owner of the virtual IPs does not expect: that somebody else acts as their owner. */
export const alarmFilter = (cluster: Cluster): string =>
  `inbound and ${either(["ip proto 112", "ip6 proto 112", ...claims(cluster)])}`;

/** ARP with a virtual IP as its sender (RFC 826), and neighbour advertisements whose target is one (RFC 4861, 4.4). */
function claims(cluster: Cluster): string[] {
  return addressesOf(cluster).map(({ family, address }) =>
    family === 4
      ? `arp and arp[14:4] = 0x${hex4(address)}`
      : `icmp6 and ip6[40] = 136 and ${words(address)
          .map((word, index) => `ip6[${48 + 4 * index}:4] = 0x${word}`)
          .join(" and ")}`,
  );
}

const addressesOf = (cluster: Cluster): HostAddress[] =>
  cluster.virtualIps.flatMap(({ addresses }) => addresses);

const either = (filters: readonly string[]): string => filters.map((filter) => `(${filter})`).join(" or ");

const hex4 = (address: string): string =>
  address
    .split(".")
    .map((part) => Number(part).toString(16).padStart(2, "0"))
    .join("");

/** The four 32-bit words of a canonical IPv6 address. */
function words(address: string): string[] {
  const [head = "", tail] = address.split("::");
  const [before, after] = [head, tail ?? ""].map((part) => (part === "" ? [] : part.split(":")));
  const zeros = Array<string>(8 - (before?.length ?? 0) - (after?.length ?? 0)).fill("0");
  const groups = [...(before ?? []), ...(tail === undefined ? [] : zeros), ...(after ?? [])];
  const digits = groups.map((group) => group.padStart(4, "0")).join("");
  return digits.match(/.{8}/g) ?? [];
}
