import type { Draft } from "../draft.js";
import type { Path } from "../path.js";
import { type Finding, ruleOfWhole } from "../rule.js";
import { didYouMean } from "../suggest.js";

/** Every name that refers to another part of the topology must lead somewhere. */
export const knownReferences = ruleOfWhole("known-reference", (draft) => [
  ...networkReferences(draft).flatMap(unknown("network", draft.networks)),
  ...virtualIpReferences(draft).flatMap(unknown("virtual IP", draft.virtualIp)),
  ...draft.spec.nat.destination
    .map(({ service }, index) => ({ name: service, at: ["nat", "destination", index, "service"] }))
    .flatMap(unknown("service", draft.service)),
]);

interface Reference {
  readonly name: string;
  readonly at: Path;
  readonly key?: boolean;
}

const unknown =
  (what: string, known: ReadonlyMap<string, unknown>) =>
  ({ name, ...place }: Reference): Finding[] =>
    known.has(name)
      ? []
      : [{ ...place, message: `no ${what} is named ${name}${didYouMean(name, known.keys())}` }];

function networkReferences({ nodes, virtualIps, spec }: Draft): Reference[] {
  return [
    ...nodes.flatMap(({ interfaces }) =>
      interfaces.map(({ network, at }) => ({ name: network, at, key: true })),
    ),
    ...virtualIps.map(({ network, at }) => ({ name: network, at: [...at, "network"] })),
    ...(spec.sync.networks ?? []).map((name, index) => ({ name, at: ["sync", "networks", index] })),
    ...(spec.agent.network === undefined ? [] : [{ name: spec.agent.network, at: ["agent", "network"] }]),
    ...spec.nat.destination.map(({ inbound }, index) => ({
      name: inbound,
      at: ["nat", "destination", index, "inbound"],
    })),
    ...spec.nat.source.flatMap(({ from, outbound }, index) => {
      const at = ["nat", "source", index];
      return [
        ...("network" in from ? [{ name: from.network, at: [...at, "from"] }] : []),
        { name: outbound, at: [...at, "outbound"] },
      ];
    }),
    ...spec.lab.hosts.map(({ network }, index) => ({
      name: network,
      at: ["lab", "hosts", index, "network"],
    })),
  ];
}

const virtualIpReferences = ({ services, spec }: Draft): Reference[] => [
  ...services.map(({ listen, at }) => ({ name: listen.virtual_ip, at: [...at, "listen", "virtual_ip"] })),
  ...spec.nat.source.flatMap(({ translate_to }, index) =>
    translate_to.virtual_ip === undefined
      ? []
      : [{ name: translate_to.virtual_ip, at: ["nat", "source", index, "translate_to", "virtual_ip"] }],
  ),
];
