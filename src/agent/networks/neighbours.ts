import type { Host } from "../../host/host.js";
import type { Node } from "../../topology/cluster.js";
import { readNow } from "../engines/processes.js";

interface Neighbour {
  readonly dst?: string;
  readonly dev?: string;
  readonly state?: readonly string[];
}

/** Addresses by device. */
type ByDevice = ReadonlyMap<string, readonly string[]>;

const byDevice = (pairs: readonly (readonly [device: string, address: string])[]): Map<string, string[]> => {
  const found = new Map<string, string[]>();
  for (const [device, address] of pairs) found.set(device, [...(found.get(device) ?? []), address]);
  return found;
};

/** Reads `ip -json neighbour show`: those that answered most lately first. */
export function parseNeighbours(json: string): Map<string, string[]> {
  const rank = ["REACHABLE", "DELAY", "PROBE", "STALE"];
  const entries: readonly Neighbour[] = JSON.parse(json);
  const usable = entries.flatMap(({ dst, dev, state }) => {
    const place = rank.indexOf(state?.[0] ?? "");
    return dst === undefined || dev === undefined || place < 0 ? [] : [{ dst, dev, place }];
  });
  return byDevice(usable.sort((a, b) => a.place - b.place).map(({ dev, dst }) => [dev, dst] as const));
}

/** ATF_COM (linux/if_arp.h): the kernel knows the neighbour's hardware address. */
const complete = 0x2;

/** Reads /proc/net/arp (proc(5)): address, type, flags, hardware address, mask, device. */
export const parseArp = (table: string): Map<string, string[]> =>
  byDevice(
    table.split("\n").flatMap((line) => {
      const [address, , flags, , , device] = line.trim().split(/\s+/);
      const known = (Number(flags) & complete) !== 0;
      return address !== undefined && device !== undefined && known ? [[device, address] as const] : [];
    }),
  );

/** Looks between two at IPv6, which the kernel shows to a program alone: starting one costs a thousand times a file. */
const looksPerIpv6 = 120;

/** The kernel's neighbours (ip-neighbour(8)) on this node. */
export class Neighbours {
  private readonly hasIpv6: boolean;
  private looks = 0;
  private arp = "";
  private ipv6: ByDevice = new Map();

  constructor(
    private readonly host: Host,
    node: Node,
  ) {
    this.hasIpv6 = node.interfaces.some(({ addresses }) => addresses.some(({ family }) => family === 6));
  }

  /** Everybody on every device, best first; null while nobody came or went since the last time. */
  async read(): Promise<ByDevice | null> {
    const arp = readNow("/proc/net/arp") ?? "";
    const looksAtIpv6 = this.hasIpv6 && this.looks % looksPerIpv6 === 0;
    this.looks += 1;
    if (arp === this.arp && !looksAtIpv6) return null;
    this.arp = arp;
    if (looksAtIpv6) this.ipv6 = await this.readIpv6();
    const all = parseArp(arp);
    for (const [device, addresses] of this.ipv6) all.set(device, [...(all.get(device) ?? []), ...addresses]);
    return all;
  }

  private async readIpv6(): Promise<ByDevice> {
    const argv = ["ip", "-6", "-json", "neighbour", "show"];
    const { stdout, exitCode } = await this.host.run(argv, { timeout: 2_000 });
    return exitCode === 0 ? parseNeighbours(stdout) : this.ipv6;
  }
}
