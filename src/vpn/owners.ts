import type { Vpn } from "../topology/cluster.js";
import { destinationOf } from "./session.js";

/** Whose each fixed address, and each network behind a client, is by the topology: the client's name, by destination. */
export const ownersIn = ({ clients }: Pick<Vpn, "clients">): ReadonlyMap<string, string> =>
  new Map(
    clients.flatMap(({ name, addresses, subnets }) =>
      [
        ...addresses.map(({ address }) => address),
        ...subnets.map(({ address, prefix }) => `${address}/${prefix}`),
      ].flatMap((text) => {
        const destination = destinationOf(text);
        return destination === null ? [] : [[destination, name] as const];
      }),
    ),
  );
