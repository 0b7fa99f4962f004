import type { SwitchMemory } from "../session/switch-memory.js";
import { Counters } from "./counters.js";

/** A connection of a switch: its main one, or a further one of this number. */
export interface Who {
  readonly datapath: string;
  readonly auxiliary: number;
}

export const nameOf = ({ datapath, auxiliary }: Who): string => `${datapath} ${auxiliary}`;

/** What was counted on connections that ended: of each switch, and of all. */
export class PastCounts {
  readonly total = new Counters();
  readonly #past = new Map<string, Counters>();

  /** @param most switches of which it is known: the one that came last longest ago is forgotten */
  constructor(private readonly most: number) {}

  of(who: Who): Counters | undefined {
    return this.#past.get(nameOf(who));
  }

  /** This connection ended. What never said who it is, is nobody's. */
  add({ identity }: Pick<SwitchMemory, "identity">, counters: Counters): void {
    this.total.add(counters);
    if (identity === null) return;
    const name = nameOf(identity);
    const past = this.#past.get(name) ?? new Counters();
    past.add(counters);
    this.#past.delete(name);
    this.#past.set(name, past);
    const [oldest] = this.#past.keys();
    if (this.#past.size > this.most && oldest !== undefined) this.#past.delete(oldest);
  }
}
