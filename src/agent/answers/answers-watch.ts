import type { Chores } from "../chores.js";
import { type Endpoint, endpointName } from "./endpoints.js";

/** Milliseconds before a second knock where nobody answered. */
const again = 300;

/** At most so many are knocked at in one round: a thousand services cost no more than these, and are all reached in turn. */
const perRound = 16;

/** Milliseconds for which a node that lost the virtual IPs is held to its silence: there it cannot be asked any more. */
const remembered = 600_000;

export interface AnswersListener {
  /** Whether that network's endpoints have to answer now. */
  serves(network: string): boolean;
  /** Endpoints fell silent or answer again. */
  changed(): void;
}

/** Knocks at virtual IPs as long as they are served. An endpoint is silent after two knocks in a row without an answer. */
export class AnswersWatch {
  private readonly failures = new Map<string, { readonly count: number; readonly at: number }>();
  private next = 0;
  private timer: NodeJS.Timeout | null = null;
  private takeBack: () => void = () => undefined;
  private stopped = false;

  constructor(
    private readonly endpoints: readonly Endpoint[],
    private readonly knock: (endpoint: Endpoint) => Promise<boolean>,
    private readonly listener: AnswersListener,
    private readonly chores: Chores,
    /** Milliseconds between two rounds while all answer. */
    private readonly calm = 2_000,
  ) {
    this.rest();
  }

  /** Endpoints that are silent. */
  silent(now: number): Endpoint[] {
    return this.endpoints.filter((one) => this.isSilent(one, now));
  }

  /** Knocks at once: another node has just become active. */
  soon(): void {
    this.plan(0);
  }

  /** HAProxy is a new one: what the old one did not answer says nothing of it. */
  forget(): void {
    this.failures.clear();
  }

  /** Every endpoint that is served now, asked anew. */
  async ask(): Promise<{ answering: string[]; silent: string[] }> {
    const served = this.endpoints.filter(({ network }) => this.listener.serves(network));
    const answers = await Promise.all(
      served.map(async (one) => (await this.knock(one)) || (await this.knock(one))),
    );
    const those = (wanted: boolean) => served.filter((_, i) => answers[i] === wanted).map(endpointName);
    return { answering: those(true), silent: those(false) };
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  private plan(delay: number): void {
    this.cancel();
    if (!this.stopped && this.endpoints.length > 0) this.timer = setTimeout(() => void this.round(), delay);
  }

  private rest(): void {
    this.cancel();
    if (!this.stopped && this.endpoints.length > 0)
      this.takeBack = this.chores.after(this.calm, () => void this.round());
  }

  private cancel(): void {
    if (this.timer) clearTimeout(this.timer);
    this.takeBack();
  }

  private async round(): Promise<void> {
    const served = this.endpoints.filter(({ network }) => this.listener.serves(network));
    this.dropDoubts(served);
    const doubtful = served.filter((one) => this.failures.has(endpointName(one)));
    const turn = Array.from(
      { length: Math.min(perRound, served.length) },
      () => served[this.next++ % served.length],
    );
    const asked = [...new Set([...doubtful, ...turn])].flatMap((one) => one ?? []);
    await Promise.all(asked.map(async (one) => this.take(one, await this.knock(one))));
    const doubt = [...this.failures.values()].some(({ count }) => count === 1);
    if (doubt) this.plan(again);
    else this.rest();
  }

  /** A first silence that nobody can ask about any more proves nothing when the endpoint is served again, much later. */
  private dropDoubts(served: readonly Endpoint[]): void {
    for (const endpoint of this.endpoints)
      if (!served.includes(endpoint) && this.failures.get(endpointName(endpoint))?.count === 1)
        this.failures.delete(endpointName(endpoint));
  }

  private take(endpoint: Endpoint, answered: boolean): void {
    const name = endpointName(endpoint);
    const before = this.failures.get(name)?.count ?? 0;
    if (answered) this.failures.delete(name);
    // Whoever left meanwhile could not answer.
    else if (this.listener.serves(endpoint.network))
      this.failures.set(name, { count: before + 1, at: performance.now() });
    if (answered ? before > 1 : before === 1) this.listener.changed();
  }

  private isSilent(endpoint: Endpoint, now: number): boolean {
    const failure = this.failures.get(endpointName(endpoint));
    return failure !== undefined && failure.count > 1 && now - failure.at < remembered;
  }
}
