/** A node that a word can be handed to; rejects where it does not take it. */
export interface Hearer {
  readonly node: string;
  hear(word: string): Promise<unknown>;
}

export interface HandingOnParts {
  /** What this node knows by now; null where that is nothing. */
  readonly word: () => string | null;
  /** Every other node. */
  readonly peers: () => readonly Hearer[];
}

/** Milliseconds until whoever did not take the word is asked again; doubled each time. */
const retry = { first: 1_000, longest: 60_000 };

/** Hands the newest word of one kind on to every peer that this node meets: one node that was reached tells all others. */
export class HandingOn {
  /** The word that each peer took, or is being handed, since it was met. */
  readonly #handed = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;
  #pause = retry.first;
  #stopped = false;

  constructor(private readonly parts: HandingOnParts) {}

  /** A peer came or went. The first beats of one that starts come before its API answers. */
  notice({ name, alive }: { readonly name: string; readonly alive: boolean }): void {
    if (alive) void this.spread();
    else this.#handed.delete(name);
  }

  /** The word is another one, or somebody may lack it. Never rejects: whoever does not take it is asked again. */
  spread(): Promise<void> {
    this.#pause = retry.first;
    return this.#round();
  }

  stop(): void {
    this.#stopped = true;
    this.#endPause();
  }

  async #round(): Promise<void> {
    this.#endPause();
    const word = this.parts.word();
    if (word === null) return;
    await Promise.all(this.parts.peers().map((peer) => this.#hand(peer, word)));
  }

  async #hand(peer: Hearer, word: string): Promise<void> {
    if (this.#handed.get(peer.node) === word) return;
    this.#handed.set(peer.node, word);
    try {
      await peer.hear(word);
    } catch {
      if (this.#handed.get(peer.node) === word) this.#handed.delete(peer.node);
      this.#tryAgain();
    }
  }

  #tryAgain(): void {
    if (this.#stopped || this.#timer !== null) return;
    this.#timer = setTimeout(() => void this.#round(), this.#pause).unref();
    this.#pause = Math.min(this.#pause * 2, retry.longest);
  }

  #endPause(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
