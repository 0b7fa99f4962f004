import type { Cluster, Family, Node } from "../topology/cluster.js";
import { keepsSessions } from "../topology/select.js";
import { type Finding, findingsOf } from "./finding.js";

/** What was read of a node's kernel. Sentences are the programs' own; null is no complaint. */
export interface KernelFacts {
  /** The rendered rules, loaded where they can do nothing (`loaded`), or only tried (`tested`). */
  readonly rules: readonly {
    readonly family: Family;
    readonly how: "loaded" | "tested";
    readonly refusal: string | null;
  }[];
  /** What is wrong with the rendered settings. */
  readonly settings: string | null;
  /** What the kernel's table of sessions says when it is asked (`conntrack -C`). */
  readonly conntrack: string | null;
  /** Whether IPv6 is there at all (/proc/net/if_inet6), and devices on which it is switched off. */
  readonly ipv6: { readonly present: boolean; readonly disabledOn: readonly string[] };
  /** Tables of the older backend that are in use (/proc/net/ip_tables_names, ip6_tables_names). */
  readonly legacyTables: readonly string[];
  /** As `iptables --version` has it. */
  readonly backend: string;
}

const { ok, warning, error, unknown } = findingsOf("kernel");

/** Whether this kernel can do what the rendered files ask of it. */
export function kernel(cluster: Cluster, node: Node, facts: KernelFacts): Finding[] {
  const found = [
    ...facts.rules.flatMap(rules),
    ...(facts.settings === null
      ? []
      : [error("sysctl", facts.settings, "use a kernel with these features, or load their modules at boot")]),
    ...(facts.conntrack === null || !keepsSessions(cluster)
      ? []
      : [
          error(
            "nf_conntrack_netlink",
            `the kernel's sessions cannot be read: ${facts.conntrack}`,
            "modprobe nf_conntrack_netlink; conntrackd needs it",
          ),
        ]),
    ...ipv6(node, facts),
    ...backends(facts),
  ];
  if (found.length > 0) return found;
  if (facts.rules.some(({ how }) => how === "tested"))
    return [
      unknown(
        "netfilter",
        "iptables accepts the rendered rules; whether this kernel has all that they name was not asked, as no network namespace may be made here",
      ),
    ];
  return [ok("netfilter", "the kernel takes the rendered rules and knows every setting")];
}

const rules = ({ family, refusal }: KernelFacts["rules"][number]): Finding[] =>
  refusal === null
    ? []
    : [
        error(
          `${family === 4 ? "iptables" : "ip6tables"}-restore`,
          `the kernel does not take the rendered rules: ${refusal}`,
          "the module it names is missing: install the distribution's full kernel package (linux-image, linux-modules-extra)",
        ),
      ];

function ipv6(node: Node, { ipv6: { present, disabledOn } }: KernelFacts): Finding[] {
  const speaking = node.interfaces.filter(({ addresses }) => addresses.some(({ family }) => family === 6));
  if (speaking.length === 0) return [];
  if (!present)
    return [
      error("IPv6", "this kernel runs without IPv6", "boot without ipv6.disable=1 (kernel command line)"),
    ];
  return speaking
    .filter(({ device }) => disabledOn.includes(device))
    .map(({ device }) =>
      error(
        device,
        "IPv6 is switched off on this device",
        `sysctl -w net/ipv6/conf/${device}/disable_ipv6=0`,
      ),
    );
}

const backends = ({ legacyTables, backend }: KernelFacts): Finding[] =>
  backend.includes("nf_tables") && legacyTables.length > 0
    ? [
        warning(
          "iptables",
          `rules stand in two backends: iptables speaks nf_tables, and the older one has ${legacyTables.join(", ")}`,
          "see what iptables-legacy-save shows, and bring those rules over: both kinds apply to every packet",
        ),
      ]
    : [];
