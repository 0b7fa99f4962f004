import type { WitnessSight } from "./witness-sight.js";

/** Milliseconds without an answer: more than a busy moment. */
const patience = 3_000;

/**
 * The operator's witnesses that do not answer this node, to be told to people: while a peer is heard that moves nothing,
 * and once none is it may leave the virtual IPs without an owner.
 */
export class WitnessSilence {
  private readonly silentSince: Map<string, number>;

  /**
   * @param changed called with what fell silent, and what answers again; one of the two is never empty
   * @param silent what the agent before this one told
   */
  constructor(
    private readonly changed: (lost: readonly string[], back: readonly string[]) => void,
    private silent: readonly string[] = [],
  ) {
    this.silentSince = new Map(silent.map((address) => [address, Number.NEGATIVE_INFINITY]));
  }

  /** Addresses. */
  get told(): readonly string[] {
    return this.silent;
  }

  /** Cheap: to be called with every judgement. */
  look(sights: readonly WitnessSight[], now: number): void {
    for (const { address, sight } of sights) {
      if (sight === "answers") this.silentSince.delete(address);
      else if (sight === "silent" && !this.silentSince.has(address)) this.silentSince.set(address, now);
    }
    const before = this.silent;
    this.silent = [...this.silentSince]
      .filter(([, since]) => now - since >= patience)
      .map(([address]) => address);
    const lost = this.silent.filter((address) => !before.includes(address));
    const back = before.filter((address) => !this.silent.includes(address));
    if (lost.length + back.length > 0) this.changed(lost, back);
  }
}
