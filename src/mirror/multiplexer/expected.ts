import type { Controller } from "./xid-table.js";

type Change<State> = (before: State) => State;

/**
 * What will hold when the switch has granted all that it was asked for, in the order of asking: so what is asked behind a
 * request is judged as if that were granted. What the switch refuses never held.
 */
export class Expected<State> {
  readonly #asked = new Map<number, { readonly by: Controller; readonly change: Change<State> }>();
  readonly #open: Record<Controller, number> = { pool: 0, master: 0 };
  /** With all that is asked, and with what one controller asks; null, or none, where it has to be found out anew. */
  #all: State | null = null;
  readonly #ofOne = new Map<Controller, State>();

  constructor(private held: State) {}

  /** What holds already. */
  get granted(): State {
    return this.held;
  }

  get now(): State {
    this.#all ??= [...this.#asked.values()].reduce((state, { change }) => change(state), this.held);
    return this.#all;
  }

  /** What will hold when the switch has granted this controller's requests, and none of the other one's. */
  for(controller: Controller): State {
    if (this.#asked.size === 0) return this.held;
    const known = this.#ofOne.get(controller);
    if (known !== undefined) return known;
    let state = this.held;
    for (const { by, change } of this.#asked.values()) if (by === controller) state = change(state);
    this.#ofOne.set(controller, state);
    return state;
  }

  isAsking(controller: Controller): boolean {
    return this.#open[controller] > 0;
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
    const [all, own] = [change(this.now), change(this.for(by))];
    this.#asked.set(number, { by, change });
    this.#open[by] += 1;
    this.#all = all;
    this.#ofOne.set(by, own);
  }

  grant(number: number): void {
    const asked = this.#asked.get(number);
    this.refuse(number);
    if (asked !== undefined) this.change(asked.change);
  }

  refuse(number: number): void {
    const asked = this.#asked.get(number);
    if (asked === undefined) return;
    this.#asked.delete(number);
    this.#open[asked.by] -= 1;
    this.#forget();
  }

  /** Whatever this controller asked is granted to nobody. */
  disown(controller: Controller): void {
    for (const [number, { by }] of this.#asked) if (by === controller) this.refuse(number);
  }

  /** It is so from now on, before all that is asked. */
  change(change: Change<State>): void {
    this.held = change(this.held);
    this.#forget();
  }

  #forget(): void {
    this.#all = null;
    this.#ofOne.clear();
  }
}
