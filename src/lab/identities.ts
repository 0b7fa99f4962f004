import { join } from "node:path";
import { makeAuthority, withAuthority } from "../pki/authority.js";
import { defaultDays } from "../pki/validity.js";
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
  for (const machine of machineNames(cluster)) await certify(cluster, machine, ledger);
  await withAuthority(directory, name, (authority) =>
    authority.issueBundle({ name: labOperator, role: "operator" }),
  );
}

/** Gives a machine's agent a new certificate and a new key, in place of those that it may have. @param days that it is valid for */
export async function certify(
  { name }: Cluster,
  machine: string,
  ledger: Ledger,
  days: number = defaultDays.certificate,
): Promise<void> {
  const out = join(ledger.disk(machine), paths.pkiDir);
  await withAuthority(labPki(ledger), name, (authority) =>
    authority.issueBundle({ name: machine, role: "node" }, { out, days }),
  );
}
