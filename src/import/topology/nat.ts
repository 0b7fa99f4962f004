import type { Tell } from "../finding.js";
import type { SourceTranslation } from "../netfilter/translations.js";
import type { ImportedService, ImportedTopology } from "./imported.js";
import type { Surroundings } from "./services.js";
import type { Spread } from "./spread.js";

type Nat = ImportedTopology["nat"];

/** Addresses that the pair answers for although it does not announce them. */
export function capturedAddresses(
  spreads: readonly Spread[],
  services: readonly ImportedService[],
  { virtualIps, segments }: Surroundings,
  tell: Tell,
): Nat["destination"] {
  const captured = spreads.flatMap(({ first, targets }) => {
    if (virtualIps.some(({ addresses }) => addresses.includes(first.address.text))) return [];
    const service = services.find((each) => answers(each, targets, virtualIps));
    const inbound = segments.find(({ devices }) => devices[0] === first.device);
    if (service !== undefined && inbound !== undefined)
      return [
        { inbound: inbound.name, address: first.address.text, port: first.port, service: service.name },
      ];
    const why =
      service === undefined
        ? "what it leads to is no service of this pair"
        : "nat.destination says on which network the packets arrive (-i)";
    tell(first, "lost", first.text, why, "write it under nat.destination by hand");
    return [];
  });
  return distinct(captured);
}

/** Whether a packet for these targets is one for the service: at its own address, or at its servers. */
function answers(
  service: ImportedService,
  targets: readonly string[],
  virtualIps: Surroundings["virtualIps"],
): boolean {
  const own = virtualIps.find(({ name }) => name === service.virtualIp)?.addresses ?? [];
  const servers = service.servers.map(({ address, port }) => `${address} ${port}`);
  return (
    targets.every((target) => own.some((address) => target === `${address} ${service.port}`)) ||
    targets.every((target) => servers.includes(target))
  );
}

/** Source addresses of what is forwarded. */
export function sourceAddresses(
  sources: readonly SourceTranslation[],
  captured: Nat["destination"],
  { virtualIps, segments }: Surroundings,
  tell: Tell,
): Nat["source"] {
  const translated = sources.flatMap((rule): Nat["source"][number][] => {
    const { from, device, to } = rule;
    const outbound = segments.find(({ devices }) => devices[0] === device);
    const virtualIp = virtualIps.find(({ addresses }) => addresses.includes(to.text));
    const isOurs = virtualIp !== undefined || captured.some(({ address }) => address === to.text);
    if (outbound === undefined || !isOurs) {
      const why = isOurs
        ? `no network of the topology stands on ${device}`
        : `${to.text} is neither a virtual IP nor captured: answers to it would not come back`;
      tell(rule, "lost", rule.text, why, "write it under nat.source by hand");
      return [];
    }
    const prefix = from?.text ?? (to.family === 4 ? "0.0.0.0/0" : "::/0");
    // A network of both families stands for both of its prefixes, and this rule is about one.
    const network = segments.find(
      (each) => each.prefix.size === 1 && each.prefix.get(to.family)?.text === prefix,
    );
    return [
      {
        from: network?.name ?? prefix,
        outbound: outbound.name,
        to: virtualIp === undefined ? { address: to.text } : { virtualIp: virtualIp.name },
      },
    ];
  });
  return distinct(translated);
}

const distinct = <T>(values: readonly T[]): T[] => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
];
