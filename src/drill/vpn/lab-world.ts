import type { Lab } from "../../lab/lab.js";
import type { World } from "./world.js";

/**
 * A lab's VPN servers and clients, all of them up. A client with a fixed address is called by its own name, too.
 *
 * @param behind addresses that answer behind clients, by client
 */
export function worldOf(
  { cluster: { vpn }, machines }: Pick<Lab, "cluster" | "machines">,
  behind: ReadonlyMap<string, readonly string[]> = new Map(),
): World {
  const clients = machines.filter(({ kind }) => kind === "vpn-client");
  return {
    cuts: new Set(),
    servers: (vpn?.servers ?? []).map(({ name, addresses, backbone, device, clients: ranges }) => ({
      ...{ name, backbone, device, on: true },
      addresses: addresses.map(({ address }) => address),
      ranges: ranges.map(textOf),
    })),
    // Those that the topology names are the first ones of a lab.
    clients: clients.map(({ name }, index) => ({
      name,
      fixed: (vpn?.clients[index]?.addresses ?? []).map(({ address }) => address),
      networks: (vpn?.clients[index]?.subnets ?? []).map(textOf),
      behind: behind.get(name) ?? [],
      running: true,
    })),
  };
}

const textOf = ({ address, prefix }: { readonly address: string; readonly prefix: number }): string =>
  `${address}/${prefix}`;
