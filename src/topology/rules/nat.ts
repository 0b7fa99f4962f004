import { bits, covers, overlap, type Prefix } from "../address.js";
import type { Draft } from "../draft.js";
import { type Finding, ruleOfWhole, warning, warningOfWhole } from "../rule.js";

/** The first matching rule wins, so a rule behind a wider one never sees a packet. */
export const sourceNatIsReached = ruleOfWhole("source-nat-is-reached", (draft) => {
  /** Rule numbers by outbound network and prefix. */
  const seen = new Map<string, number>();
  return draft.spec.nat.source.flatMap((each, index): Finding[] => {
    const translated = new Set(translatedFamilies(draft, each));
    const prefixes = fromPrefixes(draft, each).filter(({ family }) => translated.has(family));
    const shadows = prefixes.map((prefix) => firstCovering(seen, each.outbound, prefix));
    for (const prefix of prefixes) {
      const key = prefixKey(each.outbound, prefix.family, prefix.first, prefix.prefix);
      if (!seen.has(key)) seen.set(key, index);
    }
    const [shadow] = shadows;
    if (shadow === undefined || shadows.includes(undefined)) return [];
    return [
      {
        at: ["nat", "source", index, "from"],
        message: `never reached: nat.source[${shadow}] already translates all of it`,
      },
    ];
  });
});

/** Answers come back only to an address that the pair owns (a virtual IP) or captures (nat.destination). */
export const translationIsOurs = ruleOfWhole("translation-is-ours", ({ spec, virtualIps }) => {
  const ours = new Set([
    ...virtualIps.flatMap(({ addresses }) => addresses.map(({ value }) => value.text)),
    ...spec.nat.destination.map(({ address }) => address.text),
  ]);
  return spec.nat.source.flatMap(({ translate_to: { address } }, index) =>
    address === undefined || ours.has(address.text)
      ? []
      : [
          {
            at: ["nat", "source", index, "translate_to", "address"],
            message: `${address.text} is neither a virtual IP nor captured by nat.destination: answers to it would not come back`,
          },
        ],
  );
});

/** Packets come from where the nodes know a way to: a network or a route. */
export const sourceNatHasTraffic = warningOfWhole("source-nat-has-traffic", ({ spec, networks, routes }) => {
  const known = [
    ...[...networks.values()].flatMap(({ cidrs }) => cidrs.map(({ value }) => value)),
    ...routes.map(({ destination }) => destination),
  ];
  return spec.nat.source.flatMap(({ from }, index) =>
    "network" in from || known.some((prefix) => overlap(prefix, from.prefix))
      ? []
      : [
          {
            at: ["nat", "source", index, "from"],
            message: `${from.prefix.text} matches nothing that the nodes forward: it is on none of the networks and behind none of the routes`,
          },
        ],
  );
});

/** Legal, for machines that reach their neighbours through the pair on purpose; mostly it is a slip. */
export const sourceNatCrossesPair = warning("source-nat-crosses-pair", (draft) =>
  draft.spec.nat.source.flatMap((each, index) => {
    const outbound = draft.networks.get(each.outbound)?.cidrs ?? [];
    const from = fromPrefixes(draft, each);
    const stays = from.every((prefix) => outbound.some(({ value }) => covers(value, prefix)));
    return from.length === 0 || !stays
      ? []
      : [
          {
            at: ["nat", "source", index, "outbound"],
            message: `the packets come from network ${each.outbound} itself: only those that a machine there sends to another by way of the pair are translated`,
          },
        ];
  }),
);

type SourceNat = Draft["spec"]["nat"]["source"][number];

const fromPrefixes = ({ networks }: Draft, { from }: SourceNat): Prefix[] =>
  "prefix" in from ? [from.prefix] : (networks.get(from.network)?.cidrs.map(({ value }) => value) ?? []);

const translatedFamilies = ({ virtualIp }: Draft, { translate_to: to }: SourceNat) =>
  to.address
    ? [to.address.family]
    : (virtualIp.get(to.virtual_ip ?? "")?.addresses ?? []).map(({ value }) => value.family);

/** Looks for the prefix itself and for each wider one, so that many rules cost no more than their number. */
function firstCovering(
  seen: ReadonlyMap<string, number>,
  outbound: string,
  inner: Prefix,
): number | undefined {
  for (let length = inner.prefix; length >= 0; length--) {
    const host = BigInt(bits(inner.family) - length);
    const index = seen.get(prefixKey(outbound, inner.family, (inner.first >> host) << host, length));
    if (index !== undefined) return index;
  }
  return undefined;
}

const prefixKey = (outbound: string, family: number, first: bigint, length: number): string =>
  `${outbound} ${family} ${first}/${length}`;
