import { type Patience, until } from "./patience.js";

/** How the gate looks at its node. */
export interface Senses {
  /** Everything that is wrong with this node, a clause each; none is fit. */
  readonly fitness: () => Promise<readonly string[]>;
  /** Asks the services through the virtual IPs that this node holds. Rejects with why one does not answer. */
  readonly answers: () => Promise<{ readonly endpoints: readonly string[] }>;
}

/** Compares a node with what it was: a change may not make it worse, and need not make it better. */
export class FitnessGate {
  #before: { readonly faults: readonly string[]; readonly answers: boolean } = { faults: [], answers: true };

  constructor(
    private readonly senses: Senses,
    private readonly patience: Patience,
  ) {}

  /** Remembers how the node is, before anything changes. After a restart in between it has to be fit. */
  async remember(): Promise<void> {
    const [faults, answers] = await Promise.all([
      this.senses.fitness().catch((error: unknown) => [String(error)]),
      this.senses.answers().then(
        () => true,
        () => false,
      ),
    ]);
    this.#before = { faults, answers };
  }

  /** Rejects with what is wrong now and was not before, once patience ends. */
  async pass(last: boolean): Promise<{ readonly endpoints: readonly string[] }> {
    const { fitness, answers } = this.senses;
    await until(async () => {
      const fresh = (await fitness()).filter((fault) => !this.#before.faults.includes(fault));
      return fresh.length === 0 ? null : fresh.join(", ");
    }, this.patience);
    if (!last) return { endpoints: [] };
    let endpoints: readonly string[] = [];
    const ask = async () => {
      ({ endpoints } = await answers());
      return null;
    };
    await (this.#before.answers ? until(ask, this.patience) : ask().catch(() => undefined));
    return { endpoints };
  }
}
