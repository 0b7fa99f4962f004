import type { HostAddress, Witness } from "../topology/cluster.js";
import { ip } from "../topology/cluster-addresses.js";
import { within } from "./layout-addresses.js";
import type { RouterPlan } from "./layout-routers.js";
import { type Draft, placed, type Site } from "./layout-site.js";

/** A machine for every witness whose address no other one has. */
export function witnessDrafts(site: Site, others: readonly Draft[]): Draft[] {
  const taken = new Set(
    others.flatMap(({ links }) => links.flatMap(({ addresses }) => addresses.map(({ address }) => address))),
  );
  const wanted = site.cluster.failover.witnesses.filter((witness) => isOnLink(site, witness));
  return [...new Set(wanted.map(({ address }) => address))]
    .filter((address) => !taken.has(address))
    .map((address) => ({ name: "witness", kind: "host", ...placed(site, address) }));
}

/** Witnesses behind this router that stand on no link of the lab: it answers for them itself. */
export function answeredBy(site: Site, { network }: RouterPlan): HostAddress[] {
  const beyond = site.cluster.failover.witnesses.filter(
    (witness) => witness.network === network && !isOnLink(site, witness),
  );
  return [...new Set(beyond.map(({ address }) => address))].map((address) => {
    const { family } = ip(address);
    return { family, address, prefix: family === 4 ? 32 : 128 };
  });
}

const isOnLink = ({ segments }: Site, { address }: Witness): boolean =>
  segments.some(({ prefixes }) => within(prefixes, address) !== undefined);
