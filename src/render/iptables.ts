import type { Cluster, Family, Node } from "../topology/cluster.js";
import { type Chain, entrances, prefix, type Rule, type TableName, tableNames } from "./chains.js";
import { filterChains } from "./filter-chains.js";
import { natChains } from "./nat-chains.js";
import { defineTemplate } from "./template.js";
import { mangleChains } from "./transparent.js";

interface TableView {
  readonly name: TableName;
  /** Each rule begins with its chain. */
  readonly chains: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
  readonly jumps: readonly { readonly builtin: string; readonly chain: string }[];
}

export interface IptablesView {
  readonly tables: readonly TableView[];
}

const sample: IptablesView = {
  tables: [
    {
      name: "filter",
      chains: [{ name: "HOLDFAST-INPUT", rules: [["HOLDFAST-INPUT", "-p", "vrrp", "-j", "DROP"]] }],
      jumps: [{ builtin: "INPUT", chain: "HOLDFAST-INPUT" }],
    },
  ],
};

/** Input of iptables-restore --noflush: our chains are replaced, everybody else's rules stay. */
export const iptables = defineTemplate<IptablesView, [Cluster, Node, Family]>(
  "iptables/rules",
  sample,
  (cluster, node, family) => {
    const chains: Record<TableName, Chain[]> = {
      mangle: mangleChains(cluster, family),
      filter: filterChains(cluster, node, family),
      nat: natChains(cluster, node, family),
    };
    return {
      tables: tableNames.map((name) => ({
        ...tableView(name, chains[name]),
        jumps: entrances[name].map((builtin) => ({ builtin, chain: `${prefix}${builtin}` })),
      })),
    };
  },
);

/** Input of iptables-restore --noflush that replaces these chains and nothing else. */
export const someChains = defineTemplate<IptablesView, [TableName, readonly Chain[]]>(
  "iptables/rules",
  sample,
  (table, chains) => ({ tables: [tableView(table, chains)] }),
);

const tableView = (name: TableName, chains: readonly Chain[]): TableView => ({
  name,
  chains: chains.map((chain) => ({
    name: chain.name,
    rules: chain.rules.map((rule) => [chain.name, ...rule]),
  })),
  jumps: [],
});
