/** What a certificate allows its holder. A viewer looks, an operator also changes, a node also coordinates with its peers. */
export type Role = "viewer" | "operator" | "node";

/** Who somebody is to a cluster's agents, as the certificate's URI says: `holdfast://CLUSTER/ROLE/NAME`. */
export interface Identity {
  readonly cluster: string;
  readonly role: Role;
  readonly name: string;
}

const name = "[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?";
const pattern = new RegExp(`^holdfast://(${name})/(viewer|operator|node)/(${name})$`);

export const identityUri = ({ cluster, role, name: holder }: Identity): string =>
  `holdfast://${cluster}/${role}/${holder}`;

/** Null for anything else: the URI stands in a certificate that somebody else may have made. */
export function parseIdentity(uri: string): Identity | null {
  const [, cluster, role, holder] = pattern.exec(uri) ?? [];
  if (cluster === undefined || holder === undefined) return null;
  return { cluster, role: role as Role, name: holder };
}

/** An operator may do what a viewer may; the routes between nodes are for nodes alone, which may also look. */
export const mayUse = (holder: Role, needed: Role): boolean => holder === needed || needed === "viewer";
