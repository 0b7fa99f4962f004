import { contains, type Ip, type Prefix } from "../../topology/address.js";
import type { Family } from "../../topology/cluster.js";
import { networkOf } from "../address.js";
import type { Place, Tell } from "../finding.js";
import type { Instance, OwnAddress, WrittenVirtualIp } from "../keepalived/keepalived.js";
import { distinctNames } from "../names.js";
import type { Machine } from "./machines.js";

/** One network as the machines stand on it. */
export interface Segment {
  readonly name: string;
  readonly place: Place;
  /** Of each machine, in their order; null where no file says it. */
  readonly devices: readonly (string | null)[];
  readonly families: readonly Family[];
  readonly prefix: ReadonlyMap<Family, Prefix>;
  readonly virtualRouterId: number | null;
  readonly virtualIps: readonly WrittenVirtualIp[];
  readonly remarks: readonly string[];
}

interface Growing {
  readonly device: string | null;
  readonly instance: Instance;
  readonly virtualIps: WrittenVirtualIp[];
  readonly remarks: string[];
}

/** Every network that has a virtual IP, then those on which all machines stand beside. */
export function segmentsOf(machines: readonly Machine[], tell: Tell): Segment[] {
  const called = distinctNames();
  const primary = machines.find(({ keepalived }) => keepalived !== null);
  const instances = primary?.keepalived?.instances ?? [];
  const virtual = new Set(instances.flatMap((each) => each.virtualIps.map(({ ip }) => ip.text)));
  const own = machines.map((machine) => machine.own.filter(({ ip }) => !virtual.has(ip.text)));
  const serving = grown(instances, tell).map((growing) => {
    const isItsOwn = growing.device === growing.instance.device;
    const name = called(isItsOwn ? growing.instance.name : (growing.device ?? ""), "network");
    if (!isItsOwn) {
      growing.remarks.push(
        "shared an instance with another network; is virtual_router_id free on this wire?",
      );
      tell(
        growing.virtualIps[0] ?? growing.instance,
        "look",
        `network ${name}`,
        `its virtual IPs were part of an instance on ${growing.instance.device ?? "another device"}; here each network has an instance of its own`,
        `see that no other VRRP pair on that wire has virtual_router_id ${growing.instance.virtualRouterId ?? 51}`,
      );
    }
    return segment(name, growing, machines, own, tell);
  });
  return [...serving, ...besides(serving, own, called)];
}

function grown(instances: readonly Instance[], tell: Tell): Growing[] {
  const byDevice = new Map<string, Growing>();
  const seen = new Map<string, Instance>();
  for (const instance of instances)
    for (const virtualIp of instance.virtualIps) {
      const { text } = virtualIp.ip;
      const before = seen.get(text);
      if (before !== undefined) {
        tell(
          virtualIp,
          "lost",
          text,
          `vrrp_instance ${before.name} has it already, and an address is one virtual IP`,
        );
        continue;
      }
      seen.set(text, instance);
      const device = virtualIp.device ?? instance.device;
      const key = device ?? `instance ${instance.name}`;
      const there = byDevice.get(key);
      if (there === undefined) byDevice.set(key, { device, instance, virtualIps: [virtualIp], remarks: [] });
      else {
        there.virtualIps.push(virtualIp);
        if (there.instance !== instance) {
          there.remarks.push(`vrrp_instance ${instance.name} had some of these virtual IPs for itself`);
          tell(
            instance,
            "look",
            `vrrp_instance ${instance.name}`,
            `${device ?? "its device"} has another instance, ${there.instance.name}; here a network has one, and all virtual IPs stand on the active node together`,
            "where each machine was to be active for some of them: that is given up",
          );
        }
      }
    }
  return [...byDevice.values()];
}

function segment(
  name: string,
  { device, instance, virtualIps, remarks }: Growing,
  machines: readonly Machine[],
  own: readonly (readonly OwnAddress[])[],
  tell: Tell,
): Segment {
  const devices = machines.map(
    ({ keepalived }) => deviceOf(keepalived?.instances ?? [], virtualIps) ?? device,
  );
  const beside = own.flatMap((list, index) => list.filter((each) => each.device === devices[index]));
  const families = ([4, 6] as const).filter((family) => virtualIps.some(({ ip }) => ip.family === family));
  const prefix = new Map<Family, Prefix>();
  for (const family of families) {
    const known = prefixOf(
      virtualIps.filter(({ ip }) => ip.family === family),
      beside,
    );
    if (known !== null) prefix.set(family, known);
  }
  const kept = virtualIps.filter((virtualIp) => {
    const { ip } = virtualIp;
    const known = prefix.get(ip.family);
    if (known === undefined || contains(known, ip)) return true;
    tell(
      virtualIp,
      "lost",
      `virtual IP ${ip.text}`,
      `it is outside of ${known.text}, and a network has one IPv${ip.family} prefix`,
      "give it a network, and a device, of its own",
    );
    return false;
  });
  return {
    ...{ name, devices, families, prefix, remarks, virtualIps: kept },
    place: { file: instance.file, line: instance.line },
    virtualRouterId: instance.virtualRouterId,
  };
}

const deviceOf = (instances: readonly Instance[], virtualIps: readonly WrittenVirtualIp[]): string | null => {
  for (const instance of instances)
    for (const { ip, device } of instance.virtualIps)
      if (virtualIps.some((each) => each.ip.text === ip.text)) return device ?? instance.device;
  return null;
};

/** A machine's own prefix around a virtual IP is the network's; else the one that is written behind a virtual IP. */
function prefixOf(virtualIps: readonly WrittenVirtualIp[], beside: readonly OwnAddress[]): Prefix | null {
  const networks = (list: readonly { readonly ip: Ip; readonly prefix: number | null }[]): Prefix[] =>
    list.flatMap(({ ip, prefix }) => (prefix === null ? [] : (networkOf(ip, prefix) ?? [])));
  const around = networks(beside).find((each) => virtualIps.some(({ ip }) => contains(each, ip)));
  return around ?? networks(virtualIps)[0] ?? null;
}

/** Networks without a virtual IP, on which every machine is known to stand. */
function besides(
  serving: readonly Segment[],
  own: readonly (readonly OwnAddress[])[],
  called: ReturnType<typeof distinctNames>,
): Segment[] {
  const [first = [], ...others] = own;
  const taken = new Set(serving.flatMap(({ devices }) => (devices[0] === null ? [] : [devices[0]])));
  const segments = new Map<string, Segment>();
  for (const { ip, prefix, device } of first) {
    const network = prefix === null ? null : networkOf(ip, prefix);
    if (network === null || taken.has(device)) continue;
    const theirs = others.map((list) => list.find((each) => contains(network, each.ip))?.device);
    if (theirs.some((each) => each === undefined)) continue;
    const before = segments.get(device);
    if (before?.prefix.has(ip.family)) continue;
    segments.set(device, {
      name: before?.name ?? called(device, "network"),
      place: { file: serving[0]?.place.file ?? "", line: 1 },
      devices: [device, ...theirs.map((each) => each ?? null)],
      families: ([4, 6] as const).filter((family) => family === ip.family || before?.prefix.has(family)),
      prefix: new Map([...(before?.prefix ?? []), [ip.family, network]]),
      virtualRouterId: null,
      virtualIps: [],
      remarks: [],
    });
  }
  return [...segments.values()];
}
