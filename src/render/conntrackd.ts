import type { Cluster, Family, Node } from "../topology/cluster.js";
import { addressesOf } from "./devices.js";
import { paths } from "./paths.js";
import { realTimePriorities } from "./real-time.js";
import { type SyncLink, syncLinks } from "./sync-links.js";
import { defineTemplate } from "./template.js";

/** Sizes in bytes, but for the two of the hash table. */
interface Sizes {
  /** Of a link's socket in each direction. */
  readonly buffer: number;
  /** For the kernel's news, and how far conntrackd may double it when some of them found no room. */
  readonly netlinkBuffer: number;
  readonly netlinkBufferMost: number;
  /** Buckets of its cache. */
  readonly hashSize: number;
  /** Entries in its cache. */
  readonly hashLimit: number;
}

interface Link extends Pick<SyncLink, "device" | "family" | "port"> {
  readonly preferred: boolean;
  readonly buffer: number;
}

export interface ConntrackdView extends Omit<Sizes, "buffer"> {
  /** Of a pair. */
  readonly unicast: readonly (Link & { readonly own: string; readonly peer: string })[];
  /** Of more than two nodes. An IPv6 group is found by its device: `own` is empty. */
  readonly multicast: readonly (Link & { readonly own: string; readonly group: string })[];
  readonly lock: string;
  readonly socket: string;
  /** Of the scheduler's policy SCHED_RR. */
  readonly priority: number;
  readonly protocols: readonly string[];
  /** Whose sessions, from or to, nobody has to keep. */
  readonly ignored: readonly { readonly family: Family; readonly address: string }[];
}

/**
 * Debian's kernel tracks 262,144 sessions at most; the cache has room for twice as many, since it holds those that
 * ended until all know it (conntrackd.conf(5), HashLimit).
 */
const sizes: Sizes = {
  buffer: 1_249_280,
  // Some 26,000 entries' news; the kernel takes memory only for what really waits.
  netlinkBuffer: 33_554_432,
  netlinkBufferMost: 67_108_864,
  hashSize: 32_768,
  hashLimit: 524_288,
};

/**
 * Groups of a site (RFC 2365, 6.1; RFC 4291, 2.7), to which packets go with a TTL or hop limit of 1: no router carries them
 * on. Not of the link: a packet to ff02:: comes from the node's link-local address (RFC 6724, 5, rule 2), which the
 * topology does not know and our rules do not admit.
 */
const groups: Readonly<Record<Family, string>> = { 4: "239.255.37.80", 6: "ff05::3780" };

const { buffer, ...rest } = sizes;
const sampleLink: Link = { preferred: true, device: "eth3", family: 4, port: 3780, buffer };

const sample: ConntrackdView = {
  unicast: [{ ...sampleLink, own: "10.0.9.2", peer: "10.0.9.3" }],
  multicast: [{ ...sampleLink, own: "10.0.9.2", group: groups[4] }],
  lock: paths.conntrackdLock,
  socket: paths.conntrackdSocket,
  priority: realTimePriorities.conntrackd,
  protocols: ["TCP"],
  ignored: [{ family: 4, address: "127.0.0.0/8" }],
  ...rest,
};

/**
 * What conntrackd(8) needs to keep the sessions' state on every node: conntrackd.conf(5). Two nodes speak FTFW, which
 * repeats what was lost but knows one peer only; more speak NOTRACK to a multicast group.
 */
export const conntrackd = defineTemplate<ConntrackdView, [Cluster, Node]>(
  "conntrackd/conntrackd.conf",
  sample,
  (cluster, node) => {
    const links = syncLinks(cluster, node).map((link, index) => ({
      ...link,
      preferred: index === 0,
      buffer,
    }));
    const isPair = cluster.nodes.length === 2;
    return {
      unicast: isPair ? links.flatMap(({ peers, ...link }) => peers.map((peer) => ({ ...link, peer }))) : [],
      multicast: isPair
        ? []
        : links.map(({ peers: _, ...link }) => ({
            ...link,
            own: link.family === 4 ? link.own : "",
            group: groups[link.family],
          })),
      lock: paths.conntrackdLock,
      socket: paths.conntrackdSocket,
      priority: realTimePriorities.conntrackd,
      protocols: protocolsOf(cluster),
      ignored: ignoredOf(cluster),
      ...rest,
    };
  },
);

/** Services are TCP; whatever leaves by a translated address may be anything that has entries. */
const protocolsOf = ({ nat }: Cluster): string[] =>
  nat.source.length === 0 ? ["TCP"] : ["TCP", "UDP", "ICMP", "IPv6-ICMP"];

/**
 * What the nodes themselves say to anybody, and are told: checks, beats, adverts, operators, this very link. conntrackd
 * looks at the source of each direction, which for a session to a virtual IP is the client and, behind a translation,
 * the server: a list of what to accept would have to name the servers and so accept the nodes' checks of them.
 */
const ignoredOf = ({ nodes }: Cluster): ConntrackdView["ignored"] => [
  { family: 4, address: "127.0.0.0/8" },
  { family: 6, address: "::1" },
  ...([4, 6] as const).flatMap((family) =>
    nodes
      .flatMap(({ interfaces }) => interfaces.flatMap((face) => addressesOf(face, family)))
      .map((address) => ({ family, address })),
  ),
];
