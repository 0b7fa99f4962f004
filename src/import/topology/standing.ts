import { contains, type Ip } from "../../topology/address.js";
import type { Family } from "../../topology/cluster.js";
import type { Tell } from "../finding.js";
import { fillIn, type ImportedNetwork, type ImportedNode, type ImportedVirtualIp } from "./imported.js";
import type { Machine } from "./machines.js";
import type { Segment } from "./segments.js";

/** The networks, with what has to be filled in where no file tells a prefix. */
export const importedNetworks = (segments: readonly Segment[], tell: Tell): ImportedNetwork[] =>
  segments.map((segment) => {
    const { name, families, prefix, place, virtualRouterId, virtualIps } = segment;
    const remarks = [...segment.remarks];
    const cidrs = families.map((family) => {
      const known = prefix.get(family);
      if (known !== undefined) return known.text;
      const about = virtualIps.find(({ ip }) => ip.family === family);
      remarks.push(
        `the IPv${family} prefix around ${about?.ip.text ?? "it"}, for instance from 'ip address'`,
      );
      tell(
        about ?? place,
        "look",
        `networks.${name}.cidr is ${fillIn}`,
        `no file says how long the IPv${family} prefix is`,
        "fill it in, or import again with --addresses",
      );
      return fillIn;
    });
    return { name, cidrs, virtualRouterId, remarks };
  });

/** The nodes as they stand on the networks. */
export const importedNodes = (
  machines: readonly Machine[],
  segments: readonly Segment[],
  tell: Tell,
): ImportedNode[] =>
  machines.map((machine, index) => {
    const missing = new Set<string>();
    const interfaces = segments.map((segment) => {
      const device = segment.devices[index] ?? null;
      const need = <T>(value: T | null, key: string): T | typeof fillIn => {
        if (value !== null) return value;
        missing.add(`${segment.name}.${key}`);
        return fillIn;
      };
      return {
        network: segment.name,
        device: need(device, "device"),
        addresses: segment.families.map((family) =>
          need(ownAddress(machine, segment, index, family)?.text ?? null, `IPv${family}`),
        ),
      };
    });
    const [first] = segments;
    const remarks = machine.isNamed ? [] : ["no file has this machine's name"];
    if (missing.size > 0 && first !== undefined) {
      remarks.push(`no file says ${[...missing].join(", ")} of this machine`);
      tell(
        first.place,
        "look",
        `node ${machine.name}: ${[...missing].join(", ")} ${missing.size > 1 ? "are" : "is"} ${fillIn}`,
        "no file says it",
        "fill it in, or import again with --addresses (what 'ip -o address' prints on each node)",
      );
    }
    return { name: machine.name, interfaces, remarks };
  });

/** The machine's own address on a network, if any file tells it. */
function ownAddress(machine: Machine, segment: Segment, index: number, family: Family): Ip | null {
  const device = segment.devices[index] ?? null;
  const prefix = segment.prefix.get(family);
  const isVirtual = ({ text }: Ip): boolean => segment.virtualIps.some(({ ip }) => ip.text === text);
  const fits = (ip: Ip): boolean =>
    ip.family === family && !isVirtual(ip) && (prefix === undefined || contains(prefix, ip));
  const own = machine.own.filter((each) => each.device === device && fits(each.ip)).map(({ ip }) => ip);
  const spoken = own.find(({ text }) => machine.speaks.some((each) => each.text === text));
  if (own[0] !== undefined) return spoken ?? own[0];
  if (prefix !== undefined) return machine.speaks.find(fits) ?? null;
  // Without a prefix only the device of the instance tells on which network an address stands.
  const instances = machine.keepalived?.instances ?? [];
  return (
    instances.find((each) => each.device === device && each.source !== null && fits(each.source))?.source ??
    null
  );
}

/** The virtual IPs; one of each family that something listens at together stands as one. */
export function importedVirtualIps(
  segments: readonly Segment[],
  together: readonly (readonly [string, string])[],
): ImportedVirtualIp[] {
  return segments.flatMap(({ name, virtualIps }) => {
    const here = new Map(virtualIps.map(({ ip }) => [ip.text, ip]));
    const partner = new Map<string, string>();
    for (const [v4, v6] of together)
      if (here.has(v4) && here.has(v6) && !partner.has(v4) && ![...partner.values()].includes(v6))
        partner.set(v4, v6);
    const later = new Set(partner.values());
    return [...here.keys()]
      .filter((text) => !later.has(text))
      .map((text, index) => {
        const other = partner.get(text);
        return {
          name: virtualIpName(name, index),
          network: name,
          addresses: other === undefined ? [text] : [text, other],
        };
      });
  });
}

const virtualIpName = (network: string, index: number): string => {
  const suffix = index === 0 ? "-ip" : `-ip-${index + 1}`;
  return `${network.slice(0, 32 - suffix.length).replace(/-+$/, "")}${suffix}`;
};
