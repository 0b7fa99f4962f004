/** Something that is wrong on a VPN server. */
export interface Condition {
  /** The same for as long as it is the same trouble. */
  readonly about: string;
  /** One clause. */
  readonly text: string;
  /** What is said when it is over. */
  readonly over: string;
  /** Milliseconds for which it stands before it is told. */
  readonly patience: number;
}

export interface ConditionNews {
  readonly about: string;
  readonly text: string;
  readonly over: boolean;
}

interface Known {
  readonly condition: Condition;
  readonly since: number;
  told: boolean;
}

/** What is worth telling of conditions: that one stands for longer than it deserves patience, that it is another, and that it is over. */
export class Conditions {
  readonly #known = new Map<string, Known>();

  /** Those that were told and stand. */
  get told(): string[] {
    return [...this.#known.values()].filter(({ told }) => told).map(({ condition }) => condition.text);
  }

  /** @param now milliseconds by a clock that only goes on */
  read(now: number, conditions: readonly Condition[]): ConditionNews[] {
    const news: ConditionNews[] = [];
    const standing = new Set(conditions.map(({ about }) => about));
    for (const [about, { condition, told }] of this.#known) {
      if (standing.has(about)) continue;
      this.#known.delete(about);
      if (told) news.push({ about, text: condition.over, over: true });
    }
    for (const condition of conditions) {
      const { about, text, patience } = condition;
      const before = this.#known.get(about);
      const known = { condition, since: before?.since ?? now, told: before?.told ?? false };
      this.#known.set(about, known);
      const isNew = !known.told && now - known.since >= patience;
      const isOther = known.told && before?.condition.text !== text;
      if (!isNew && !isOther) continue;
      known.told = true;
      news.push({ about, text, over: false });
    }
    return news;
  }
}
