import { type Patience, until } from "./patience.js";

/** How the gate looks at its node. */
export interface Senses {
  /** What is wrong with this node, in one sentence; null is fit. */
  readonly fitness: () => Promise<string | null>;
  /** Asks the services through the virtual IPs that this node holds. Rejects with why one does not answer. */
  readonly answers: () => Promise<{ readonly endpoints: readonly string[] }>;
}

/** Compares a node with what it was: a change may not make it worse, and need not make it better. */
export class FitnessGate {
  #before: { readonly fitness: string | null; readonly answers: boolean } = { fitness: null, answers: true };

  constructor(
    private readonly senses: Senses,
    private readonly patience: Patience,
  ) {}

  /** Remembers how the node is, before anything changes. After a restart in between it has to be fit. */
  async remember(): Promise<void> {
    const [fitness, answers] = await Promise.all([
      this.senses.fitness().catch(String),
      this.senses.answers().then(
        () => true,
        () => false,
      ),
    ]);
    this.#before = { fitness, answers };
  }

  /** Rejects with what is wrong now and was not before, once patience ends. */
  async pass(last: boolean): Promise<{ readonly endpoints: readonly string[] }> {
    const { fitness, answers } = this.senses;
    await until(async () => {
      const wrong = await fitness();
      return wrong === this.#before.fitness ? null : wrong;
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
