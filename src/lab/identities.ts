import { join } from "node:path";
import { makeAuthority, withAuthority } from "../pki/authority.js";
import { paths } from "../render/paths.js";
import type { Cluster } from "../topology/cluster.js";
import { machineNames } from "../topology/machines.js";
import type { Ledger } from "./ledger.js";

/** The operator of every lab, by the name of its certificate. */
export const labOperator = "lab";

/** Where a lab's authority and its operator's certificate stand, as in an operator's own directory. */
export const labPki = (ledger: Ledger): string => join(ledger.directory, "pki");

/** Gives the lab an authority of its own, each of its machines with an agent its certificate on its disk, and the operator one. */
export async function issueIdentities(cluster: Cluster, ledger: Ledger): Promise<void> {
  const { name } = cluster;
  const directory = labPki(ledger);
  await makeAuthority(directory, name);
  await withAuthority(directory, name, async (authority) => {
    for (const machine of machineNames(cluster))
      await authority.issueBundle(
        { name: machine, role: "node" },
        { out: join(ledger.disk(machine), paths.pkiDir) },
      );
    await authority.issueBundle({ name: labOperator, role: "operator" });
  });
}
