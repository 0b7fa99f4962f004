import { wantedSettings } from "../../deploy/kernel-settings.js";
import { checkRules } from "../../deploy/rules.js";
import { checkSettings } from "../../deploy/settings.js";
import type { Host } from "../../host/host.js";
import type { KernelFacts } from "../../preflight/kernel.js";
import type { RenderedFile } from "../../render/file.js";
import { paths } from "../../render/paths.js";
import type { Family, Node } from "../../topology/cluster.js";
import { attempt, outputOf } from "./attempt.js";

/** Reads what this node's kernel has; changes nothing of this node's. */
export async function lookAtKernel(
  host: Host,
  node: Node,
  files: readonly RenderedFile[],
): Promise<KernelFacts> {
  const apart = await wayApart(host);
  const [rules4, rules6, settings, counted, backend] = await Promise.all([
    tryRules(host, apart, 4, bodyOf(files, paths.rulesV4)),
    tryRules(host, apart, 6, bodyOf(files, paths.rulesV6)),
    checkSettings(host, wantedSettings(files)),
    attempt(host, ["conntrack", "-C"]),
    attempt(host, ["iptables", "--version"]),
  ]);
  return {
    rules: [rules4, rules6],
    settings,
    // Where the program is missing, the engines' check says so.
    conntrack: counted === null || counted.exitCode === 0 ? null : counted.stderr.trim(),
    ipv6: {
      present: (await host.read("/proc/net/if_inet6")) !== null,
      disabledOn: await withoutIpv6(host, node),
    },
    legacyTables: await legacyTables(host),
    backend: backend?.stdout ?? "",
  };
}

const bodyOf = (files: readonly RenderedFile[], path: string): string =>
  files.find((file) => file.path === path)?.body ?? "";

/**
 * How a program gets a network namespace that ends with it: by itself, or, where the agent may make none, in a unit that
 * systemd makes for it. systemd goes on without one where it cannot make it (systemd.exec(5), PrivateNetwork=), and the
 * rules would replace the machine's own: so a way counts only where the program is seen to stand apart.
 *
 * @returns what stands before the program; null where neither works
 */
async function wayApart(host: Host): Promise<readonly string[] | null> {
  const own = await outputOf(host, whichNamespace);
  for (const way of [["unshare", "--net", "--"], transientUnit]) {
    const there = await outputOf(host, [...way, ...whichNamespace]);
    if (own?.startsWith("net:[") && there?.startsWith("net:[") && there !== own) return way;
  }
  return null;
}

const whichNamespace = ["readlink", "/proc/self/ns/net"];

/** It may do what rules need, in its own namespace, and no more; --collect leaves nothing of one that failed. */
const transientUnit = [
  ...["systemd-run", "--quiet", "--pipe", "--wait", "--collect"],
  ...[
    "PrivateNetwork=yes",
    "CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ReadWritePaths=/run",
    "ProtectHome=yes",
    "RuntimeMaxSec=8",
  ].map((property) => `--property=${property}`),
  "--",
];

/** Only the kernel itself knows whether it has the matches and targets that rules name: it is given them, apart. */
async function tryRules(
  host: Host,
  apart: readonly string[] | null,
  family: Family,
  body: string,
): Promise<KernelFacts["rules"][number]> {
  if (apart === null) return { family, how: "tested", refusal: await checkRules(host, family, body) };
  const argv = [...apart, `${family === 4 ? "iptables" : "ip6tables"}-restore`];
  const { exitCode, stderr, stdout } = await host.run(argv, { stdin: body });
  const words = (stderr || stdout).trim() || `exit code ${exitCode}`;
  return { family, how: "loaded", refusal: exitCode === 0 ? null : words };
}

async function withoutIpv6(host: Host, node: Node): Promise<string[]> {
  const off = await Promise.all(
    node.interfaces.map(async ({ device }) => {
      const value = await host.read(`/proc/sys/net/ipv6/conf/${device}/disable_ipv6`);
      return value?.trim() === "1" ? [device] : [];
    }),
  );
  return off.flat();
}

async function legacyTables(host: Host): Promise<string[]> {
  const [four, six] = [
    await host.read("/proc/net/ip_tables_names"),
    await host.read("/proc/net/ip6_tables_names"),
  ];
  return [...new Set(`${four ?? ""}\n${six ?? ""}`.split("\n").filter((name) => name !== ""))];
}
