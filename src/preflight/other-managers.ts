import type { Node } from "../topology/cluster.js";
import { type Finding, findingsOf } from "./finding.js";

/** What is read of the managers other than systemd-networkd. */
export interface OtherManagers {
  /** `nmcli -t -f DEVICE,STATE device`; null where NetworkManager does not run. */
  readonly networkManager: string | null;
  /** /etc/network/interfaces and what it sources. */
  readonly interfaces: readonly string[];
  /** Command lines of the DHCP clients that run. */
  readonly dhcpClients: readonly (readonly string[])[];
  /** /etc/dhcpcd.conf. */
  readonly dhcpcdConf: string;
}

/** State by device; a colon in a name is written `\:` (nmcli(1), --terse). */
export const parseNmcli = (text: string): Map<string, string> =>
  new Map(
    text.split("\n").flatMap((line) => {
      const [, device, state] = /^((?:\\.|[^:\\])*):(.*)$/.exec(line) ?? [];
      return device === undefined || state === undefined
        ? []
        : [[device.replace(/\\(.)/g, "$1"), state] as const];
    }),
  );

/** `iface DEVICE FAMILY METHOD` of interfaces(5). */
export const parseInterfaces = (text: string): { device: string; method: string }[] =>
  text.split("\n").flatMap((line) => {
    const [, device, method] = /^\s*iface\s+(\S+)\s+inet6?\s+(\S+)/.exec(line) ?? [];
    return device === undefined || method === undefined ? [] : [{ device, method }];
  });

const { error, warning } = findingsOf("managers");
const fixed = "give the device its address statically, as the topology has it";

/** Who else would change the addresses of the node's devices. */
export const otherManagers = (node: Node, facts: OtherManagers): Finding[] =>
  node.interfaces.flatMap(({ device }) => [
    ...networkManager(device, facts),
    ...ifupdown(device, facts),
    ...dhcp(device, facts),
  ]);

function networkManager(device: string, { networkManager: text }: OtherManagers): Finding[] {
  const state = parseNmcli(text ?? "").get(device);
  // One that it found configured it only watches (nmcli(1): `connected (externally)`).
  if (state === undefined || state === "unmanaged" || state.includes("externally")) return [];
  return [
    error(
      device,
      `NetworkManager manages ${device} (${state}): when it connects the device anew, the virtual IPs and routes go`,
      `nmcli device set ${device} managed no, and for good [keyfile] unmanaged-devices=interface-name:${device} in /etc/NetworkManager/conf.d/virtual-ips.conf; ${fixed} elsewhere`,
    ),
  ];
}

const ifupdown = (device: string, { interfaces }: OtherManagers): Finding[] =>
  interfaces
    .flatMap(parseInterfaces)
    .filter((each) => each.device === device && ["dhcp", "auto"].includes(each.method))
    .map(({ method }) =>
      warning(
        `${device}: /etc/network/interfaces`,
        `its address comes by ${method}, and may become another`,
        fixed,
      ),
    );

function dhcp(device: string, { dhcpClients, dhcpcdConf }: OtherManagers): Finding[] {
  const denied = [...dhcpcdConf.matchAll(/^\s*denyinterfaces\s+(.*)$/gm)].flatMap(([, list = ""]) =>
    list.trim().split(/\s+/),
  );
  const allowed = [...dhcpcdConf.matchAll(/^\s*allowinterfaces\s+(.*)$/gm)].flatMap(([, list = ""]) =>
    list.trim().split(/\s+/),
  );
  return dhcpClients.flatMap(([program = "", ...args]) => {
    const name = program.slice(program.lastIndexOf("/") + 1).replace(/:$/, "");
    const named = args.includes(device);
    // Without a name dhcpcd takes every device that its file does not except.
    const every =
      name === "dhcpcd" &&
      args.every((arg) => arg.startsWith("-")) &&
      !denied.includes(device) &&
      (allowed.length === 0 || allowed.includes(device));
    if (!named && !every) return [];
    return [
      warning(
        device,
        `${name} asks for a lease on ${device}: it may give the device another address, and a default route`,
        name === "dhcpcd" ? `denyinterfaces ${device} in /etc/dhcpcd.conf; ${fixed}` : fixed,
      ),
    ];
  });
}
