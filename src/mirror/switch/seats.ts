import type { SwitchMemory } from "../session/switch-memory.js";
import { nameOf } from "./past-counts.js";

interface Seated {
  readonly mirror: { readonly stream: { readonly memory: SwitchMemory } };
  readonly spoke: boolean;
  readonly silent: boolean;
}

/** Which switch it is; null while that is not known. */
export const nameIn = ({ mirror }: Pick<Seated, "mirror">): string | null => {
  const { identity } = mirror.stream.memory;
  return identity && nameOf(identity);
};

/**
 * The connection, by its key, that each switch has its session for: the one that came last of those that are heard. What
 * another node saw of it is older than anything that came here.
 */
export function holdersAmong(entries: ReadonlyMap<string, Seated>): Map<string, string> {
  const holders = new Map<string, string>();
  for (const [key, entry] of entries) {
    const name = nameIn(entry);
    const other = name === null ? undefined : entries.get(holders.get(name) ?? "");
    if (name !== null && (other === undefined || worth(entry) >= worth(other))) holders.set(name, key);
  }
  return holders;
}

const worth = ({ silent, spoke }: Seated): number => (silent ? 0 : spoke ? 2 : 1);
