import { nameSchema } from "../api/documents.js";
import type { Role } from "../api/identity.js";
import type { Cluster } from "../topology/cluster.js";
import { printJson, UserError } from "./context.js";
import { type PkiOptions, pkiPlace } from "./pki-place.js";

export interface IssueOptions extends PkiOptions {
  readonly role?: Role;
  readonly days: number;
  readonly out?: string;
}

export async function initialise(options: PkiOptions & { days: number }): Promise<void> {
  const { cluster, directory } = await pkiPlace(options);
  const { makeAuthority } = await import("../pki/authority.js");
  await makeAuthority(directory, cluster.name, { days: options.days });
  if (options.json) printJson("pki-init", { cluster: cluster.name, directory });
  else
    process.stdout.write(
      `The authority of ${cluster.name} is made in ${directory}/ca. Whoever has its ca.key rules the cluster: keep it off the nodes.
Next: 'holdfast pki issue NAME' for ${namesOf(cluster)} and yourself.\n`,
    );
}

export async function issue(name: string, options: IssueOptions): Promise<void> {
  const { cluster, directory } = await pkiPlace(options);
  const role = roleOf(name, cluster, options.role);
  const { withAuthority } = await import("../pki/authority.js");
  const { days, out } = options;
  const { serial, not_after, ...issued } = await withAuthority(directory, cluster.name, (authority) =>
    authority.issueBundle({ name, role }, { days, ...(out === undefined ? {} : { out }) }),
  );
  if (options.json)
    return printJson("pki-issue", { name, role, serial, expires: not_after, directory: issued.out });
  process.stdout.write(
    `${name} is ${role === "operator" ? "an" : "a"} ${role} of ${cluster.name} until ${not_after.slice(0, 10)}: ${issued.out}\n`,
  );
  if (role === "node")
    process.stdout.write(
      `Its files belong into /etc/holdfast/pki on ${name}, where root alone reads identity.key.\n`,
    );
}

export async function revoke(name: string, options: PkiOptions & { older?: boolean }): Promise<void> {
  const { cluster, directory } = await pkiPlace(options);
  const { withAuthority } = await import("../pki/authority.js");
  const revoked = await withAuthority(directory, cluster.name, (authority) =>
    authority.revoke(name, { keepNewest: options.older === true }),
  );
  const serials = revoked.map(({ serial }) => serial);
  if (options.json) return printJson("pki-revoke", { name, revoked: serials });
  for (const serial of serials) process.stdout.write(`${name}: ${serial} is revoked.\n`);
  if (serials.length === 0)
    process.stdout.write(`${name} had nothing to revoke; the list is written anew.\n`);
  process.stdout.write("The nodes learn of it from 'holdfast pki publish'.\n");
}

export async function list(options: PkiOptions): Promise<void> {
  const { cluster, directory } = await pkiPlace(options);
  const { authorityExpires, readLedger } = await import("../pki/authority.js");
  const { certificates, crl_number } = await readLedger(directory, cluster.name);
  const expires = await authorityExpires(directory);
  const { authorityLine, daysUntil, listText } = await import("./pki-list-text.js");
  const { paintFor } = await import("./paint.js");
  const now = new Date();
  const documents = certificates.map(({ not_after, ...entry }) => ({
    ...entry,
    expires: not_after,
    days_left: daysUntil(not_after, now),
  }));
  if (options.json)
    printJson("pki-list", {
      ...{ cluster: cluster.name, directory, crl_number },
      authority: { expires, days_left: daysUntil(expires, now) },
      certificates: documents,
    });
  else {
    const paint = paintFor(process.stdout);
    process.stdout.write(
      `${authorityLine(cluster.name, expires, now, paint)}${listText(certificates, now, paint)}`,
    );
  }
}

/** A node of the topology is a node, anybody else is not. */
function roleOf(name: string, cluster: Cluster, wanted: Role | undefined): Role {
  if (!nameSchema.safeParse(name).success)
    throw new UserError(`${JSON.stringify(name)} is no name: use a-z, 0-9 and - within, at most 32`);
  const isNode = cluster.nodes.some((node) => node.name === name);
  if (isNode && (wanted ?? "node") !== "node")
    throw new UserError(`${name} is a node of ${cluster.name}: choose another name for the ${wanted}`);
  if (!isNode && wanted === "node")
    throw new UserError(`${cluster.name} has no node ${name}; its nodes are ${namesOf(cluster)}`);
  return isNode ? "node" : (wanted ?? "operator");
}

const namesOf = ({ nodes }: Cluster): string => nodes.map(({ name }) => name).join(", ");
