import { networkInterfaces } from "node:os";

/** Every address on an interface that is up and has carrier: Node lists no other (getifaddrs(3), IFF_UP and IFF_RUNNING). */
export const presentAddresses = (): Set<string> =>
  new Set(
    Object.values(networkInterfaces()).flatMap((addresses) =>
      (addresses ?? []).map(({ address }) => address),
    ),
  );
