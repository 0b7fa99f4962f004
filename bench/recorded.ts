import type { Recording } from "../src/lab/openflow-load/recording.js";

/** What a recorder tells of one connection. */
export type Recorded = Recording["line"];

/** The connections of switches among all that a recorder printed: those of checks have no datapath. */
export const recordedIn = (text: string): Recorded[] =>
  text
    .split("\n")
    .flatMap((line) => (line.includes("datapath") ? [JSON.parse(line) as Recorded] : []))
    .filter(({ datapath }) => datapath !== null);

/** By datapath, each switch's connections from the first to the last. */
export function byDatapath(lines: readonly Recorded[]): Map<string, Recorded[]> {
  const groups = new Map<string, Recorded[]>();
  for (const line of [...lines].sort((one, two) => one.opened - two.opened))
    if (line.datapath !== null) groups.set(line.datapath, [...(groups.get(line.datapath) ?? []), line]);
  return groups;
}
