import { overlap, type Prefix } from "../address.js";
import type { Family } from "../cluster.js";
import type { Draft, DraftService } from "../draft.js";
import { type Finding, ruleOfWhole } from "../rule.js";

/** A server that sees the client's own address must answer through the pair, or the client gets a stranger's packets. */
export const answersComeBack = ruleOfWhole("answers-come-back", (draft) =>
  draft.services.filter(showsClient).flatMap((service): Finding[] => {
    const asked = new Set<string>();
    return service.servers.flatMap(({ address }): Finding[] => {
      const network = draft.towards(address)?.name;
      const key = `${network} ${address.family}`;
      if (network === undefined || asked.has(key) || network === listenNetwork(draft, service)) return [];
      asked.add(key);
      if (hasVirtualIp(draft, network, address.family)) return [];
      if (service.mode === "nat" && isTranslated(draft, service, network, address.family)) return [];
      return [
        { at: [...service.at, whatAsks(service)], message: noWayBack(service, network, address.family) },
      ];
    });
  }),
);

/** Servers beside their clients answer them directly, past the pair, whatever their gateway is. */
export const serversApartFromClients = ruleOfWhole("servers-apart-from-clients", (draft) => {
  const inbound = new Map<string, Set<string>>();
  for (const { service, inbound: network } of draft.spec.nat.destination)
    inbound.set(service, (inbound.get(service) ?? new Set()).add(network));
  return draft.services.filter(showsClient).flatMap((service) => {
    const clients = new Set([listenNetwork(draft, service), ...(inbound.get(service.name) ?? [])]);
    return service.servers.flatMap(({ name, address }, index) => {
      const network = draft.towards(address)?.name;
      if (network === undefined || !clients.has(network)) return [];
      return [
        {
          at: [...service.at, "servers", index, "address"],
          message: `${name} is on the clients' side (network ${network}) and would answer them past the pair; use mode: proxy, not transparent`,
        },
      ];
    });
  });
});

const showsClient = ({ mode, transparent }: DraftService): boolean => mode === "nat" || transparent;

const whatAsks = ({ mode }: DraftService): string => (mode === "nat" ? "mode" : "transparent");

const listenNetwork = (draft: Draft, service: DraftService): string | undefined =>
  draft.virtualIp.get(service.listen.virtual_ip)?.network;

const hasVirtualIp = ({ virtualIps }: Draft, network: string, family: Family): boolean =>
  virtualIps.some(
    (virtualIp) =>
      virtualIp.network === network && virtualIp.addresses.some(({ value }) => value.family === family),
  );

/** Whether the clients' packets carry an address of the pair when they reach the servers. */
function isTranslated(draft: Draft, service: DraftService, network: string, family: Family): boolean {
  const clients = clientPrefixes(draft, service);
  return draft.spec.nat.source.some(({ from, outbound, translate_to: to }) => {
    if (outbound !== network) return false;
    const targets = to.address
      ? [to.address]
      : (draft.virtualIp.get(to.virtual_ip ?? "")?.addresses ?? []).map(({ value }) => value);
    const sources =
      "prefix" in from
        ? [from.prefix]
        : (draft.networks.get(from.network)?.cidrs ?? []).map(({ value }) => value);
    return (
      targets.some((target) => target.family === family) &&
      sources.some((source) => source.family === family && clients.some((client) => overlap(client, source)))
    );
  });
}

/** Where clients may be: on the service's network and behind the routers that stand on it. */
function clientPrefixes(draft: Draft, service: DraftService): Prefix[] {
  const network = listenNetwork(draft, service);
  return [
    ...(draft.networks.get(network ?? "")?.cidrs ?? []).map(({ value }) => value),
    ...draft.routes
      .filter(({ via }) => draft.connected(via)?.name === network)
      .map(({ destination }) => destination),
  ];
}

function noWayBack(service: DraftService, network: string, family: Family): string {
  const cure = `give network ${network} an IPv${family} virtual IP to be the servers' gateway`;
  return service.mode === "nat"
    ? `answers have no way back: ${cure}, or translate the clients with nat.source (outbound: ${network})`
    : `servers would answer clients past the pair: ${cure}`;
}
