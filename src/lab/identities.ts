import { join } from "node:path";
import { makeAuthority, withAuthority } from "../pki/authority.js";
import { paths } from "../render/paths.js";
import type { Cluster } from "../topology/cluster.js";
import type { Ledger } from "./ledger.js";

/** The operator of every lab, by the name of its certificate. */
export const labOperator = "lab";

/** Where a lab's authority and its operator's certificate stand, as in an operator's own directory. */
export const labPki = (ledger: Ledger): string => join(ledger.directory, "pki");

/** Gives the lab an authority of its own, each node its certificate on its disk, and the operator one. */
export async function issueIdentities({ name, nodes }: Cluster, ledger: Ledger): Promise<void> {
  const directory = labPki(ledger);
  await makeAuthority(directory, name);
  await withAuthority(directory, name, async (authority) => {
    for (const node of nodes)
      await authority.issueBundle(
        { name: node.name, role: "node" },
        { out: join(ledger.disk(node.name), paths.pkiDir) },
      );
    await authority.issueBundle({ name: labOperator, role: "operator" });
  });
}
