import { type Finding, findingsOf } from "./finding.js";
import { readIni } from "./ini.js";

/** Programs that write rules of the packet filter when they start. */
export const ruleWriters = ["nftables", "netfilter-persistent", "ufw", "firewalld", "docker"] as const;
export type RuleWriter = (typeof ruleWriters)[number];

/** What was read of them. Files that are not there are empty. */
export interface RuleWriterFacts {
  /** Those that start at boot, and those that are started. */
  readonly atBoot: readonly RuleWriter[];
  readonly running: readonly RuleWriter[];
  /** As `iptables --version` has it. */
  readonly backend: string;
  /** /etc/nftables.conf; the unit, then its drop-ins. */
  readonly nftables: { readonly conf: string; readonly unit: readonly string[] };
  /** Whether netfilter-persistent has rules to load, and /etc/default/netfilter-persistent. */
  readonly persistent: { readonly saved: boolean; readonly defaults: string };
  /** /etc/ufw/ufw.conf, /etc/default/ufw. */
  readonly ufw: { readonly conf: string; readonly defaults: string };
  /** /etc/docker/daemon.json. */
  readonly docker: string;
}

const { ok, warning, error } = findingsOf("rule-writers");

/** Who else writes rules on this node, and would take the rendered ones away, or drop what they let pass. */
export function otherRuleWriters(facts: RuleWriterFacts): Finding[] {
  const found = ruleWriters.flatMap((name) => {
    const when = [
      ...(facts.atBoot.includes(name) ? ["starts at boot"] : []),
      ...(facts.running.includes(name) ? ["is started"] : []),
    ];
    return when.length === 0 ? [] : judge[name](facts, `${name}.service ${when.join(" and ")}`);
  });
  return found.length > 0 ? found : [ok("all", "nobody else flushes or blocks what the rendered rules need")];
}

const judge: Record<RuleWriter, (facts: RuleWriterFacts, is: string) => Finding[]> = {
  nftables: ({ backend, nftables: { conf, unit } }, is) => {
    // The older backend's rules are no part of nft's rule set.
    if (backend.includes("legacy")) return [];
    const dropIn = "/etc/systemd/system/nftables.service.d/50-own-tables.conf";
    const stop = `write "[Service]" and "ExecStop=" into ${dropIn}, then systemctl daemon-reload`;
    const unneeded =
      "Or, where its rules are not needed: systemctl disable nftables (without --now: its stop flushes)";
    const own = `instead of that line write 'table inet NAME' and 'delete table inet NAME' for each table of the file; ${stop}. ${unneeded}`;
    if (flushes(conf))
      return [
        error(
          "nftables: /etc/nftables.conf",
          `${is}, and its file says 'flush ruleset': each start, restart and reload takes all rendered rules away`,
          own,
        ),
      ];
    if (!flushes((readIni(unit).get("Service.ExecStop") ?? "").replace(/^\S*nft\s+/, ""))) return [];
    return [
      warning(
        "nftables",
        `${is}, and whenever it is stopped or restarted it flushes all rules, the rendered ones too`,
        `${stop}. ${unneeded}`,
      ),
    ];
  },

  // Its plug-ins call iptables-restore without --noflush.
  "netfilter-persistent": ({ persistent: { saved, defaults } }, is) =>
    !saved || assigned(defaults, "IPTABLES_RESTORE_NOFLUSH") === "yes"
      ? []
      : [
          error(
            "netfilter-persistent: /etc/iptables",
            `${is}: each start replaces all rules by those that it saved, and the rendered ones go`,
            "IPTABLES_RESTORE_NOFLUSH=yes in /etc/default/netfilter-persistent; and take lines with HOLDFAST, if any, out of /etc/iptables/rules.v4 and rules.v6",
          ),
        ],

  ufw: ({ ufw: { conf, defaults } }, is) => {
    if (assigned(conf, "ENABLED") !== "yes") return [];
    if (assigned(defaults, "MANAGE_BUILTINS") === "yes")
      return [
        error(
          "ufw: /etc/default/ufw",
          `${is} with MANAGE_BUILTINS=yes: each start and reload flushes the chains that lead to the rendered rules`,
          "MANAGE_BUILTINS=no in /etc/default/ufw",
        ),
      ];
    return [
      warning(
        "ufw",
        `${is}: ${dropsUntold}`,
        "ufw allow the services' ports, and ufw route allow what is forwarded; or ufw disable",
      ),
    ];
  },

  // Its flush covers every backend that it finds, the one that it uses or not (1.3.3, fw.py).
  firewalld: (_, is) => [
    error(
      "firewalld",
      `${is}: each start and reload flushes every table of iptables, and the rendered rules with it`,
      "systemctl disable --now firewalld before the first apply, and write what the machine needs beside it in tables of its own (nftables.conf without 'flush ruleset')",
    ),
  ],

  docker: ({ docker }, is) =>
    /"iptables"\s*:\s*false/.test(docker)
      ? []
      : [
          warning(
            "docker",
            `${is}: it has everything dropped that is forwarded and not its own (policy of FORWARD), sessions of nat services among it`,
            `"iptables": false in /etc/docker/daemon.json, or accept the services' sessions in its chain DOCKER-USER; better, no containers on a load balancer`,
          ),
        ],
};

const dropsUntold =
  "it drops what no rule of its own admits: clients of the virtual IPs, and whatever is forwarded for nat services";

/** `flush ruleset` of nft(8), of all families or of those that iptables has its tables in. */
const flushes = (commands: string): boolean =>
  /^[^#\n]*\bflush\s+ruleset[ \t]*(?:ip6?\b[ \t]*)?(?:[;#}].*)?$/m.test(commands);

/** What a file of shell assignments gives a name, without quotes, in small letters. */
const assigned = (text: string, name: string): string | null =>
  [...text.matchAll(new RegExp(`^\\s*${name}=["']?([^"'\\s#]*)`, "gm"))].at(-1)?.[1]?.toLowerCase() ?? null;
