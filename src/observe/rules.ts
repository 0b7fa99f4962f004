import type { Host } from "../host/host.js";
import type { Chain } from "../render/chains.js";
import { compareRules } from "../render/kernel-rules.js";
import { paths } from "../render/paths.js";
import type { Family } from "../topology/cluster.js";
import type { NodeState } from "./state.js";

const engines = [
  { family: 4, file: paths.rulesV4, save: "iptables-save" },
  { family: 6, file: paths.rulesV6, save: "ip6tables-save" },
] as const;

/**
 * The kernel's rules against the files that stand on the node. `spread` gives the chains of `nat` services as the
 * servers' health wants them, where the caller knows.
 */
export async function observeRules(
  host: Host,
  spread: (family: Family) => ReadonlyMap<string, Chain> = () => new Map(),
): Promise<NodeState["rules"]> {
  const differences = await Promise.all(
    engines.map(async ({ family, file, save }) => {
      const rendered = await host.read(file);
      if (rendered === null) return { missing: [], unexpected: [] };
      const { stdout } = await host.run([save]);
      return compareRules(rendered, stdout, spread(family));
    }),
  );
  return {
    missing: differences.flatMap(({ missing }) => missing),
    unexpected: differences.flatMap(({ unexpected }) => unexpected),
  };
}
