import type { Family } from "../cluster.js";
import type { Draft, DraftService } from "../draft.js";
import { type Finding, rule, ruleOfWhole } from "../rule.js";

/** Nothing translates between IPv4 and IPv6 but a proxy: with nat, and transparently, both sides speak one of them. */
export const serverFamilies = ruleOfWhole("server-families", (draft) =>
  draft.services.filter(keepsFamily).flatMap((service): Finding[] => {
    const families = listenFamilies(draft, service);
    if (families.size === 0) return [];
    if (service.transparent && families.size > 1)
      return [
        {
          at: [...service.at, "transparent"],
          message: `a session keeps the client's own address, so that an IPv4 client cannot reach an IPv6 server: listen on a virtual IP of one family instead of ${service.listen.virtual_ip}`,
        },
      ];
    const how = service.mode === "nat" ? "mode nat" : "transparent: true";
    const strangers = service.servers.flatMap(({ name, address }, index) =>
      families.has(address.family)
        ? []
        : [
            {
              at: [...service.at, "servers", index, "address"],
              message: `${how} cannot reach ${name} over IPv${address.family}: virtual IP ${service.listen.virtual_ip} has no IPv${address.family} address`,
            },
          ],
    );
    const unserved = [...families]
      .filter((family) => !service.servers.some(({ address }) => address.family === family))
      .map((family) => ({
        at: [...service.at, "listen", "virtual_ip"],
        message: `virtual IP ${service.listen.virtual_ip} listens on IPv${family}, but with ${how} no server answers over IPv${family}`,
      }));
    return [...strangers, ...unserved];
  }),
);

/** A captured address is answered by a service of its own family. */
export const capturedFamily = rule("captured-family", (draft) =>
  draft.spec.nat.destination.flatMap(({ address, service: name }, index) => {
    const service = draft.service.get(name);
    const families = service && listenFamilies(draft, service);
    if (families === undefined || families.size === 0 || families.has(address.family)) return [];
    return [
      {
        at: ["nat", "destination", index, "address"],
        message: `${address.text} is IPv${address.family}, but service ${name} does not listen on IPv${address.family}`,
      },
    ];
  }),
);

/** A source translation has a family in which there is something to translate, something to translate to, and a way out. */
export const translationFamily = rule("translation-family", (draft) =>
  draft.spec.nat.source.flatMap(({ from, outbound, translate_to: to }, index) => {
    const sources = "prefix" in from ? [from.prefix] : prefixes(draft, from.network);
    const targets = to.address
      ? [to.address]
      : draft.virtualIp.get(to.virtual_ip ?? "")?.addresses.map(({ value }) => value);
    const ways = prefixes(draft, outbound);
    if (!targets || sources.length === 0 || ways.length === 0) return [];
    const has = (values: readonly { family: Family }[], family: Family) =>
      values.some((value) => value.family === family);
    const common = sources.some(({ family }) => has(targets, family) && has(ways, family));
    const at = ["nat", "source", index, "translate_to"];
    return common
      ? []
      : [{ at, message: "from, outbound and translate_to have neither IPv4 nor IPv6 in common" }];
  }),
);

const keepsFamily = ({ mode, transparent }: DraftService): boolean => mode === "nat" || transparent;

const listenFamilies = (draft: Draft, service: DraftService): Set<Family> =>
  new Set(draft.virtualIp.get(service.listen.virtual_ip)?.addresses.map(({ value }) => value.family));

const prefixes = (draft: Draft, network: string) =>
  draft.networks.get(network)?.cidrs.map(({ value }) => value) ?? [];
