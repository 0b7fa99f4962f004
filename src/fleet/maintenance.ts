import type { MaintenanceNotes } from "../api/documents.js";

/** Both copies' newest words. The same whichever of the two is asked first. */
export function merged(a: MaintenanceNotes, b: MaintenanceNotes): MaintenanceNotes {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(
    names.flatMap((name) => {
      const [newest] = [a[name], b[name]]
        .flatMap((note) => note ?? [])
        .sort((one, other) => (weight(one) < weight(other) ? 1 : -1));
      return newest === undefined ? [] : [[name, newest]];
    }),
  );
}

const weight = ({ since, on, by }: MaintenanceNotes[string]): string => `${since} ${on} ${by}`;

/** The notes after somebody's word. It counts as newer than what was said before, also where clocks differ. */
export function noted(
  notes: MaintenanceNotes,
  word: { readonly node: string; readonly on: boolean; readonly by: string },
  now: number,
): MaintenanceNotes {
  const before = notes[word.node];
  const at = before === undefined ? now : Math.max(now, Date.parse(before.since) + 1);
  return { ...notes, [word.node]: { on: word.on, since: new Date(at).toISOString(), by: word.by } };
}

/** Nodes that are out of service, sorted. */
export const outOfService = (notes: MaintenanceNotes): string[] =>
  Object.keys(notes)
    .filter((node) => notes[node]?.on === true)
    .sort();

/** Of every node of the cluster: why it could not serve now, null where it could. */
export type Unfit = ReadonlyMap<string, string | null>;

/** What speaks against taking a node out of service, one clause; null when nothing does. */
export function drainObstacle(node: string, unfit: Unfit): string | null {
  const others = [...unfit].filter(([name]) => name !== node);
  if (others.some(([, why]) => why === null)) return null;
  const reasons = others.map(([name, why]) => `${name}: ${why}`).join("; ");
  return `without ${node} nobody could serve (${reasons})`;
}

/** Why a node may not be taken out of service; null when it may. */
export function drainRefusal(node: string, unfit: Unfit): string | null {
  const why = drainObstacle(node, unfit);
  return why && `draining the last ready node is refused: ${why}; --force does it all the same`;
}
