import { homedir } from "node:os";
import { join } from "node:path";
import type { Role } from "../api/identity.js";
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

/** The certificate with which this command speaks to agents. */
export async function operatorBundle(
  cluster: string,
  { pki, as = process.env.HOLDFAST_OPERATOR }: OperatorOptions,
): Promise<Bundle> {
  const directory = pkiDirectory(cluster, pki);
  const { readBundle } = await import("../pki/bundle.js");
  const name = as || (await onlyOperator(directory));
  return readBundle(join(directory, name));
}

/** Nodes' bundles may stand there too: they are for nodes. */
async function onlyOperator(directory: string): Promise<string> {
  const { localBundles } = await import("../pki/authority-files.js");
  const { readBundle } = await import("../pki/bundle.js");
  const { readCertificate } = await import("../pki/certificate.js");
  const bundles = await localBundles(directory).catch(() => []);
  const identities = await Promise.all(
    bundles.map(async (path) => {
      const bundle = await readBundle(path).catch(() => null);
      return bundle === null ? [] : [readCertificate(bundle.certificate).identity];
    }),
  );
  const named = (wanted: Role) =>
    identities.flat().flatMap(({ role, name: holder }) => (role === wanted ? [holder] : []));
  const operators = named("operator");
  const [name, ...others] = operators.length > 0 ? operators : named("viewer");
  if (name === undefined)
    throw new UserError(
      `${directory} has no certificate of an operator: make one with 'holdfast pki issue NAME', or name its directory with --pki`,
    );
  if (others.length > 0)
    throw new UserError(
      `${directory} has several certificates (${[name, ...others].join(", ")}): choose with --as`,
    );
  return name;
}
