import { contains, type Prefix } from "../topology/address.js";
import { ip, prefixOf } from "../topology/cluster-addresses.js";
import type { Lab } from "./lab.js";
import type { Layout } from "./layout-plan.js";

/** Addresses of each of the lab's VPN clients in the virtual network, in their order. */
export async function clientAddresses(lab: Lab, { vpnClients }: Layout): Promise<string[][]> {
  const pool = (lab.cluster.vpn?.pool ?? []).map(prefixOf);
  return Promise.all(
    vpnClients.map(async ({ machine }) => {
      const { stdout } = await lab.machine(machine).exec(["ip", "-json", "address", "show", "up"]);
      return addressesIn(stdout, pool);
    }),
  );
}

interface Link {
  readonly addr_info?: readonly { readonly local?: string }[];
}

/** Those of `ip -json address` that are in the pool. */
const addressesIn = (json: string, pool: readonly Prefix[]): string[] =>
  (JSON.parse(json) as Link[])
    .flatMap(({ addr_info: addresses = [] }) => addresses.flatMap(({ local }) => local ?? []))
    .filter((address) => pool.some((whole) => contains(whole, ip(address))));

/** Every client has an address, and reaches all others: one of each server asks them, and has to be answered. */
export async function clientsReachEachOther(lab: Lab, layout: Layout): Promise<boolean> {
  const addresses = await clientAddresses(lab, layout);
  if (addresses.some((own) => own.length === 0)) return false;
  const askers = new Map(layout.vpnClients.map(({ machine, server }) => [server, machine]));
  const answers = await Promise.all(
    [...askers.values()].flatMap((machine) =>
      addresses.flat().map((address) => lab.machine(machine).exec(["ping", "-c", "1", "-W", "1", address])),
    ),
  );
  return answers.every(({ exitCode }) => exitCode === 0);
}
