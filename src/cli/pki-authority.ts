import { nameSchema } from "../api/documents.js";
import type { Role } from "../api/identity.js";
import type { Cluster } from "../topology/cluster.js";
import { machineNames } from "../topology/machines.js";
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
  const { readLedger, withAuthority } = await import("../pki/authority.js");
  const { certificates } = await readLedger(directory, cluster.name);
  const earlier = certificates.filter((entry) => entry.name === name);
  const role = roleOf(name, cluster, options.role, earlier.at(-1)?.role ?? null);
  const { days, out } = options;
  const { serial, not_after, ...issued } = await withAuthority(directory, cluster.name, (authority) =>
    authority.issueBundle({ name, role }, { days, ...(out === undefined ? {} : { out }) }),
  );
  if (options.json)
    return printJson("pki-issue", { name, role, serial, expires: not_after, directory: issued.out });
  process.stdout.write(
    `${name} is ${role === "operator" ? "an" : "a"} ${role} of ${cluster.name} until ${not_after.slice(0, 10)}: ${issued.out}\n`,
  );
  const valid = earlier.filter(
    ({ revoked, not_after }) => revoked === null && Date.parse(not_after) > Date.now(),
  );
  if (valid.length > 0)
    process.stdout.write(
      `Its older ${valid.length === 1 ? "certificate stays" : "certificates stay"} valid: 'holdfast pki revoke ${name} --older' ends that.\n`,
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

/**
 * A node of the topology is a node, anybody else is not. Whoever had a certificate keeps their role.
 *
 * @param had the role of the newest certificate of that name
 */
function roleOf(name: string, cluster: Cluster, wanted: Role | undefined, had: Role | null): Role {
  if (!nameSchema.safeParse(name).success)
    throw new UserError(`${JSON.stringify(name)} is no name: use a-z, 0-9 and - within, at most 32`);
  const isNode = machineNames(cluster).includes(name);
  if (isNode && (wanted ?? "node") !== "node")
    throw new UserError(`${name} is a node of ${cluster.name}: choose another name for the ${wanted}`);
  if (!isNode && wanted === "node")
    throw new UserError(`${cluster.name} has no node ${name}; its nodes are ${namesOf(cluster)}`);
  if (isNode) return "node";
  if (wanted === undefined && had === null && machineNames(cluster).some((own) => areAlike(own, name)))
    throw new UserError(
      `${cluster.name} has no node ${name}; its nodes are ${namesOf(cluster)}. Give '--role operator' if it is a person or a program`,
    );
  return wanted ?? (had === null || had === "node" ? "operator" : had);
}

/** `lb-a` and `lb-z`, `lb1` and `lb12`: names that one person gave machines. */
const areAlike = (one: string, other: string): boolean => {
  const stem = (name: string): string => name.replace(/(-[^-]+|\d+)$/, "");
  return stem(one) !== one && stem(one) === stem(other) && stem(other) !== other;
};

const namesOf = (cluster: Cluster): string => machineNames(cluster).join(", ");
