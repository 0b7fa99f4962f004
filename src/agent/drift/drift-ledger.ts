import type { DriftItem } from "../../api/documents.js";
import { type Deviation, deviationKey } from "../../observe/deviation.js";

/** Drift as the agent tells of it: what differs, since when, and a sentence for people. */
export interface Drifted extends Readonly<DriftItem> {
  readonly sentence: string;
}

/** What is looked at together. */
export type Part = "files" | "rules" | "settings" | "routes" | "pool";

/** What a look has changed. */
export interface DriftNews {
  /** New, or otherwise than before. */
  readonly found: readonly Drifted[];
  readonly gone: readonly Drifted[];
}

/** All drift of a node, part by part. */
export class DriftLedger {
  private readonly parts = new Map<Part, readonly Drifted[]>();

  items(): Drifted[] {
    return [...this.parts.values()].flat();
  }

  /** @param at ISO 8601 */
  update(part: Part, deviations: readonly Deviation[], at: string): DriftNews {
    const before = new Map((this.parts.get(part) ?? []).map((item) => [deviationKey(item), item]));
    const items = deviations.map(
      (deviation): Drifted => ({ ...deviation, since: before.get(deviationKey(deviation))?.since ?? at }),
    );
    this.parts.set(part, items);
    const now = new Set(items.map(deviationKey));
    return {
      found: items.filter((item) => before.get(deviationKey(item))?.diff !== item.diff),
      gone: [...before].filter(([key]) => !now.has(key)).map(([, item]) => item),
    };
  }
}
