import type { Controller } from "./xid-table.js";

type Change<State> = (before: State) => State;

/**
 * What will hold when the switch has granted all that it was asked for, in the order of asking: so what is asked behind a
 * request is judged as if that were granted. What the switch refuses never held.
 */
export class Expected<State> {
  readonly #asked = new Map<number, { readonly by: Controller; readonly change: Change<State> }>();
  /** Null where it has to be found out anew. */
  #all: State | null = null;

  constructor(private held: State) {}

  /** What holds already. */
  get granted(): State {
    return this.held;
  }

  get now(): State {
    this.#all ??= [...this.#asked.values()].reduce((state, { change }) => change(state), this.held);
    return this.#all;
  }

  /** Numbers that the switch was asked under, the first one first. */
  get numbers(): IterableIterator<number> {
    return this.#asked.keys();
  }

  get isOpen(): boolean {
    return this.#asked.size > 0;
  }

  /** Who asked under this number; null where it is nobody, or he left. */
  by(number: number): Controller | null {
    return this.#asked.get(number)?.by ?? null;
  }

  ask(number: number, by: Controller, change: Change<State>): void {
    const { now } = this;
    this.#asked.set(number, { by, change });
    this.#all = change(now);
  }

  grant(number: number): void {
    const asked = this.#asked.get(number);
    if (asked === undefined) return;
    this.#asked.delete(number);
    this.change(asked.change);
  }

  refuse(number: number): void {
    if (this.#asked.delete(number)) this.#all = null;
  }

  /** Whatever this controller asked is granted to nobody. */
  disown(controller: Controller): void {
    for (const [number, { by }] of this.#asked) if (by === controller) this.refuse(number);
  }

  /** It is so from now on, before all that is asked. */
  change(change: Change<State>): void {
    this.held = change(this.held);
    this.#all = null;
  }
}
