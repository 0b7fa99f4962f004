import { homedir } from "node:os";
import { basename, join } from "node:path";
import type { Identity } from "../api/identity.js";
import type { Bundle } from "../pki/bundle.js";
import { UserError } from "./context.js";

/** Who an operator is to the agents. */
export interface OperatorOptions {
  /** The directory of certificates. */
  readonly pki?: string;
  /** Which of the certificates there. */
  readonly as?: string;
}

/** The operator's directory of certificates for a cluster. */
export const pkiDirectory = (cluster: string, pki: string | undefined): string =>
  pki ?? (process.env.HOLDFAST_PKI || join(homedir(), ".config", "holdfast", cluster));

interface Found {
  readonly bundle: Bundle;
  readonly identity: Identity;
}

/** The certificate with which this command speaks to agents. */
export async function operatorBundle(
  cluster: string,
  { pki, as = process.env.HOLDFAST_OPERATOR }: OperatorOptions,
): Promise<Bundle> {
  const directory = pkiDirectory(cluster, pki);
  const paths = await bundlesIn(directory);
  const { bundle, identity } = as ? await named(as, directory, paths) : await onlyOne(directory, paths);
  if (identity.cluster !== cluster)
    throw new UserError(
      `the certificate of ${identity.name} in ${directory} is for the cluster ${identity.cluster}, and the topology is of ${cluster}: choose with --pki or -f`,
    );
  return bundle;
}

/** A directory of bundles, or a bundle itself, as 'pki issue --out' writes it for somebody. */
async function bundlesIn(directory: string): Promise<string[]> {
  const { isBundle, localBundles } = await import("../pki/authority-files.js");
  if (await isBundle(directory)) return [directory];
  return localBundles(directory).catch(() => []);
}

async function named(name: string, directory: string, paths: readonly string[]): Promise<Found> {
  const path = paths.find((candidate) => basename(candidate) === name);
  if (path !== undefined) return read(path);
  const others = paths.map((candidate) => basename(candidate));
  throw new UserError(
    `${directory} has no certificate of ${name}${others.length === 0 ? "" : `; it has those of ${others.join(", ")}`}: make one with 'holdfast pki issue ${name}', or name another directory with --pki`,
  );
}

/** Nodes' bundles may stand there too: they are for nodes. */
async function onlyOne(directory: string, paths: readonly string[]): Promise<Found> {
  const looked = await Promise.allSettled(paths.map(read));
  const found = looked.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const as = (role: Identity["role"]) => found.filter(({ identity }) => identity.role === role);
  const operators = as("operator");
  const [only, ...others] = operators.length > 0 ? operators : as("viewer");
  if (others.length > 0 && only !== undefined)
    throw new UserError(
      `${directory} has several certificates (${[only, ...others].map(({ identity }) => identity.name).join(", ")}): choose with --as`,
    );
  if (only !== undefined) return only;
  // One that cannot be used is more worth a word than that there is none.
  for (const one of looked) if (one.status === "rejected") throw one.reason;
  throw new UserError(
    `${directory} has no certificate of an operator: make one with 'holdfast pki issue NAME', or name its directory with --pki`,
  );
}

async function read(path: string): Promise<Found> {
  const { readBundle } = await import("../pki/bundle.js");
  const { readCertificate } = await import("../pki/certificate.js");
  const bundle = await readBundle(path);
  return { bundle, identity: readCertificate(bundle.certificate).identity };
}
