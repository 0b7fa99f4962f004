import { decidedWithin, type PoolLook, type Verdicts, verdicts } from "./first-verdict.js";
import { type Patience, until } from "./patience.js";

/** How the gate looks at its node. */
export interface Senses {
  /** Everything that is wrong with this node, a clause each; none is fit. */
  readonly fitness: () => Promise<readonly string[]>;
  /** Asks the services through the virtual IPs that this node holds. Rejects with why one does not answer. */
  readonly answers: () => Promise<{ readonly endpoints: readonly string[] }>;
  /** Its servers; null when HAProxy does not answer. */
  readonly pool: () => Promise<PoolLook | null>;
  /** Asks the services of the active node over the network, as a switch would. */
  readonly reach: () => Promise<{
    readonly reached: readonly string[];
    readonly unreached: readonly string[];
  }>;
}

/** Milliseconds: checks that are further apart than that are not waited for. */
const waitsAtMost = 10_000;

/** Compares a node with what it was: a change may not make it worse, and need not make it better. */
export class FitnessGate {
  #before: {
    readonly faults: readonly string[];
    readonly answers: boolean;
    readonly reaches: boolean;
    readonly pool: PoolLook | null;
  } = { faults: [], answers: true, reaches: false, pool: null };
  /** When it looked first after the change (performance.now()). */
  #since: number | null = null;

  constructor(
    private readonly senses: Senses,
    private readonly patience: Patience,
  ) {}

  /** Remembers how the node is, before anything changes. After a restart in between it has to be fit. */
  async remember(): Promise<void> {
    const [faults, answers, pool, reaches] = await Promise.all([
      this.senses.fitness().catch((error: unknown) => [String(error)]),
      this.senses.answers().then(
        () => true,
        () => false,
      ),
      this.senses.pool(),
      // Whose own path is broken, or was never tried, proves nothing afterwards.
      this.senses.reach().then(
        ({ reached, unreached }) => reached.length > 0 && unreached.length === 0,
        () => false,
      ),
    ]);
    this.#before = { faults, answers, reaches, pool };
    this.#since = null;
  }

  /** Rejects with what is wrong now and was not before, once patience ends. */
  async pass(last: boolean): Promise<{ readonly endpoints: readonly string[] }> {
    const { fitness, answers, reach } = this.senses;
    this.#since ??= performance.now();
    await until(async () => {
      const fresh = (await fitness()).filter((fault) => !this.#before.faults.includes(fault));
      return fresh.length === 0 ? null : fresh.join(", ");
    }, this.patience);
    await this.#serversAnswer(this.#since);
    if (!last) return { endpoints: [] };
    let endpoints: readonly string[] = [];
    const ask = async () => {
      ({ endpoints } = await answers());
      return null;
    };
    await (this.#before.answers ? until(ask, this.patience) : ask().catch(() => undefined));
    if (this.#before.reaches)
      await until(async () => {
        const { unreached } = await reach();
        return unreached.length === 0 ? null : `this node no longer reaches ${unreached.join(", ")}`;
      }, this.patience);
    return { endpoints };
  }

  /**
   * A service that had a server has one still, by the word of a check of what is there now. Where a server stayed as it
   * was that is known already; else it takes the checks that HAProxy makes up its mind by.
   */
  async #serversAnswer(since: number): Promise<void> {
    const { pool: before } = this.#before;
    if (before === null) return;
    let said: Verdicts = { dead: [], open: [] };
    const look = async () => {
      const after = await this.senses.pool();
      if (after === null) throw new Error("HAProxy does not tell its servers");
      said = verdicts(before, after, performance.now() - since);
      return [...said.dead, ...said.open].length === 0 ? null : "the checks have not spoken yet";
    };
    const wanted = (await this.senses.pool())?.cfg ?? "";
    const timeout = Math.max(this.patience.timeout, Math.min(decidedWithin(wanted), waitsAtMost));
    await until(look, { ...this.patience, timeout }).catch((error: unknown) => {
      if (said.dead.length > 0) throw new Error(said.dead.map(noServer).join(", "));
      // Servers that are up, though nobody knows for sure: their checks are far apart.
      if (said.open.length === 0) throw error;
    });
  }
}

const noServer = (service: string): string => `no server of ${service} is up any more`;
