import type { PeerState } from "../beats/peer-state.js";
import { type Allowance, Attempts } from "../drift/attempts.js";
import type { Happening } from "../events/log.js";

/** Milliseconds for which nothing is heard of a peer until it is told: longer than a busy moment or a lost beat. */
const patience = 1_000;

/** The same after this node itself stood still: what arrived meanwhile is read first, and the next beat comes within 300 ms. */
const least = 500;

/** So many losses of one peer within so many milliseconds: what flaps must not push everything else out of the log. */
const allowance: Allowance = { times: 10, within: 600_000 };

export interface PeerNewsParts {
  /** Milliseconds of a steady clock. */
  now(): number;
  /** @returns takes it back */
  after(milliseconds: number, work: () => void): () => void;
  /** The other nodes of the topology that runs. */
  members(): readonly string[];
  tell(event: Happening): void;
}

/**
 * Tells that a peer is not heard any more, and whether anybody is left to take over; and that it is heard again. The loss
 * of a standby moves nothing: without a word of it, the next failure would be the first to notice.
 */
export class PeerNews {
  private readonly alive = new Set<string>();
  /** Those whose loss was told, and since when they are silent. */
  private readonly lost = new Map<string, number>();
  private readonly waiting = new Map<string, () => void>();
  private readonly told = new Attempts(allowance);

  constructor(private readonly parts: PeerNewsParts) {}

  /** A peer came, fell silent, or says otherwise than before how it stands. */
  heard({ name, alive, age }: PeerState): void {
    if (alive) this.isBack(name);
    else if (this.alive.delete(name)) {
      const since = this.parts.now() - age;
      this.waiting.set(
        name,
        this.parts.after(Math.max(least, patience - age), () => this.isLost(name, since)),
      );
    }
  }

  private isBack(name: string): void {
    this.alive.add(name);
    this.waiting.get(name)?.();
    this.waiting.delete(name);
    const since = this.lost.get(name);
    if (since === undefined) return;
    this.lost.delete(name);
    const silence = Math.round(this.parts.now() - since);
    this.tell(`${name} is heard again after ${(silence / 1_000).toFixed(1)} s`, {
      peer: name,
      heard: true,
      silence,
    });
  }

  private isLost(name: string, since: number): void {
    this.waiting.delete(name);
    const members = this.parts.members();
    const now = this.parts.now();
    // It may have left the cluster as it was meant to.
    if (!members.includes(name) || !this.told.mayTry(name, now)) return;
    this.told.tried(name, now);
    this.lost.set(name, since);
    const others = members.filter((other) => this.alive.has(other));
    const left = others.length === 0 ? "no other node stands by" : `${others.join(" and ")} can be heard`;
    this.tell(`${name} is not heard any more: ${left}`, { peer: name, heard: false, others });
  }

  private tell(text: string, details: Happening["details"]): void {
    this.parts.tell({ kind: "peer", text, details });
  }
}
