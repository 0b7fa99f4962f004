/**
 * Names that a lab gives to things of this machine. Topology names hold only a-z, 0-9 and "-": a dot and an underscore
 * therefore keep one lab's names apart from another's ("a" never matches "a-b") and from every machine's own name.
 */
export const labRoot = "/run/holdfast-lab";

export const labDirectory = (cluster: string): string => `${labRoot}/${cluster}`;

/** Every network namespace of the lab begins with it. */
export const namespacePrefix = (cluster: string): string => `holdfast.${cluster}.`;

export const namespaceOf = (cluster: string, machine: string): string =>
  `${namespacePrefix(cluster)}${machine}`;

/** The namespace that holds the bridges. */
export const fabricOf = (cluster: string): string => namespaceOf(cluster, "_fabric");

/** Device names hold 15 bytes (IFNAMSIZ), so networks are numbered. */
export const bridgeName = (index: number): string => `br${index}`;
export const portName = (index: number): string => `port${index}`;

/** A locally administered MAC address: a machine must come back from a power loss with the one it had. */
export function macAddress(index: number): string {
  const low = [index >> 16, index >> 8, index].map((byte) => (byte & 0xff).toString(16).padStart(2, "0"));
  return `02:68:66:${low.join(":")}`;
}

/** A host name has at most 64 bytes (HOST_NAME_MAX), of which one is kept for a distinguishing end. */
export function distinctName(wanted: string, taken: ReadonlySet<string>): string {
  const base = wanted.slice(0, 60);
  if (!taken.has(base)) return base;
  for (let number = 2; ; number++) if (!taken.has(`${base}-${number}`)) return `${base}-${number}`;
}
