/** A node that a revocation list can be handed to; rejects where it does not take it. */
export interface RevocationHearer {
  readonly node: string;
  hearRevocations(crl: string): Promise<unknown>;
}

export interface RevocationSpreadParts {
  /** The list that this node judges by, in PEM; null without a certificate. */
  readonly list: () => string | null;
  /** Every other node. */
  readonly peers: () => readonly RevocationHearer[];
}

/** Milliseconds until whoever did not take the list is asked again; doubled each time. */
const retry = { first: 1_000, longest: 60_000 };

/** Hands this node's revocation list on to every peer that it meets: one node that was reached tells all others. */
export class RevocationSpread {
  /** The list that each peer took, or is being handed, since it was met. */
  readonly #handed = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;
  #pause = retry.first;
  #stopped = false;

  constructor(private readonly parts: RevocationSpreadParts) {}

  /** A peer came or went. The first beats of one that starts come before its API answers. */
  notice({ name, alive }: { readonly name: string; readonly alive: boolean }): void {
    if (alive) void this.spread();
    else this.#handed.delete(name);
  }

  /** The list is another one, or somebody may lack it. Never rejects: whoever does not take it is asked again. */
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
    const list = this.parts.list();
    if (list === null) return;
    await Promise.all(this.parts.peers().map((peer) => this.#hand(peer, list)));
  }

  async #hand(peer: RevocationHearer, list: string): Promise<void> {
    if (this.#handed.get(peer.node) === list) return;
    this.#handed.set(peer.node, list);
    try {
      await peer.hearRevocations(list);
    } catch {
      if (this.#handed.get(peer.node) === list) this.#handed.delete(peer.node);
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
