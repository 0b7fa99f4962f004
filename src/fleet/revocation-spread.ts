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

/** Hands this node's revocation list on to every peer that it meets: one node that was reached tells all others. */
export class RevocationSpread {
  /** The list that each peer was handed since it was met. */
  readonly #handed = new Map<string, string>();

  constructor(private readonly parts: RevocationSpreadParts) {}

  /** A peer came or went. */
  notice({ name, alive }: { readonly name: string; readonly alive: boolean }): void {
    if (alive) void this.spread();
    else this.#handed.delete(name);
  }

  /** The list is another one, or somebody may lack it. Never rejects: who does not take it, has a newer one or is met again. */
  async spread(): Promise<void> {
    const list = this.parts.list();
    if (list === null) return;
    await Promise.all(
      this.parts.peers().map(async (peer) => {
        if (this.#handed.get(peer.node) === list) return;
        this.#handed.set(peer.node, list);
        await peer.hearRevocations(list).catch(() => undefined);
      }),
    );
  }
}
