import type { Command } from "commander";
import { type ClusterOptions, UserError } from "./context.js";
import { pkiDirectory } from "./operator-bundle.js";
import { clusterOptions, labOption, loadCluster } from "./topology-file.js";

/** Options of every command that uses the cluster's authority. */
export interface PkiOptions extends ClusterOptions {
  /** The operator's directory of certificates. */
  readonly pki?: string;
}

export const pkiOption = (command: Command): Command =>
  command.option(
    "--pki <dir>",
    "directory of the authority and of the certificates (default: $HOLDFAST_PKI, then ~/.config/holdfast/CLUSTER)",
  );

export const pkiOptions = (command: Command): Command => pkiOption(labOption(clusterOptions(command)));

/** The cluster of the topology, and where its authority stands. */
export async function pkiPlace(options: PkiOptions) {
  const { cluster } = await loadCluster(options);
  const { name } = cluster;
  if (!options.lab) return { cluster, directory: pkiDirectory(name, options.pki) };
  if (options.pki !== undefined) throw new UserError("--lab and --pki are two places; give one of them");
  const [{ labPki }, { Ledger }] = await Promise.all([
    import("../lab/identities.js"),
    import("../lab/ledger.js"),
  ]);
  return { cluster, directory: labPki(new Ledger(name)) };
}
