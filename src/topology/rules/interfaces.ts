import { overlap } from "../address.js";
import type { Draft } from "../draft.js";
import { rule, ruleOfWhole } from "../rule.js";
import { syncNetworks } from "../sync-networks.js";

/** A node that routes cannot have two interfaces in one subnet: it would answer on either and forward to neither. */
export const interfacesInDistinctSubnets = rule("interfaces-in-distinct-subnets", ({ nodes, networks }) =>
  nodes.flatMap(({ name, interfaces }) =>
    interfaces.flatMap((each, index) => {
      const mine = networks.get(each.network)?.cidrs ?? [];
      const other = interfaces
        .slice(0, index)
        .find((earlier) =>
          networks
            .get(earlier.network)
            ?.cidrs.some((theirs) => mine.some((own) => overlap(own.value, theirs.value))),
        );
      if (other === undefined) return [];
      return [
        {
          at: each.at,
          message: `${name} has two interfaces in one subnet: ${each.network} and ${other.network}`,
        },
      ];
    }),
  ),
);

/** One device stands on one network. */
export const oneNetworkPerDevice = rule("one-network-per-device", ({ nodes }) =>
  nodes.flatMap(({ name, interfaces }) =>
    interfaces.flatMap(({ device, at }, index) => {
      const other = interfaces.slice(0, index).find((earlier) => earlier.device === device);
      return other === undefined
        ? []
        : [{ at: [...at, "device"], message: `${name} uses ${device} for network ${other.network} already` }];
    }),
  ),
);

/** Whichever node is active must do all of the work, so each stands on every network that the work needs. */
export const nodeOnNetwork = ruleOfWhole("node-on-network", (draft) => {
  const needed = neededNetworks(draft);
  return draft.nodes.flatMap(({ name, interfaces, at }) => {
    const present = new Set(interfaces.map(({ network }) => network));
    return [...needed]
      .filter(([network]) => draft.networks.has(network) && !present.has(network))
      .map(([network, use]) => ({
        at: [...at, "interfaces"],
        message: `${name} has no interface on network ${network}, which ${use}`,
      }));
  });
});

/** Network names with what makes every node need them. */
function neededNetworks(draft: Draft): Map<string, string> {
  const { spec, virtualIps, servers } = draft;
  const needed = new Map<string, string>();
  const need = (network: string | undefined, use: string) => {
    if (network !== undefined && !needed.has(network)) needed.set(network, use);
  };
  for (const { network, name } of virtualIps) need(network, `carries virtual IP ${name}`);
  for (const network of spec.sync.networks ?? []) need(network, "is one of sync.networks");
  need(spec.agent.network, "the agents are reached on");
  for (const { inbound } of spec.nat.destination) need(inbound, "nat.destination captures packets on");
  for (const { outbound } of spec.nat.source) need(outbound, "nat.source sends packets to");
  for (const { via } of spec.routes) need(draft.connected(via)?.name, `next hop ${via.text} stands on`);
  for (const ip of spec.failover.witness) need(draft.towards(ip)?.name, `leads to witness ${ip.text}`);
  for (const { address, name } of servers) need(draft.towards(address)?.name, `leads to server ${name}`);
  // Without sync.networks, resolve takes this one; the nodes must meet somewhere.
  if (spec.sync.networks === undefined)
    for (const network of syncNetworks(draft)) need(network, "the nodes talk to each other on");
  return needed;
}
