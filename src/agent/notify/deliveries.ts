import { isAtLeast, type Notice, type Weight } from "../../notify/notice.js";
import { Attempts } from "../drift/attempts.js";
import type { Answer } from "./post.js";

export interface DeliveryParts {
  /** Of the receiver. */
  readonly name: string;
  readonly atLeast: Weight;
  /** What is sent of a notice. @param leftOut notices before it that were too many */
  message(notice: Notice, leftOut: number): string;
  post(body: string): Promise<Answer>;
  /** @returns takes it back */
  after(milliseconds: number, work: () => void): () => void;
  /** Milliseconds of a steady clock. */
  now(): number;
  /** From 0 to below 1. */
  random(): number;
  /** The receiver cannot be told anything, or can again (null). Once each. */
  trouble(why: string | null): void;
}

/** How many notices came to each end since the agent started. */
export interface DeliveryCounts {
  readonly sent: number;
  /** Refused, or given up after an hour. */
  readonly failed: number;
  /** More than a receiver is told in ten minutes. */
  readonly leftOut: number;
}

/** So many of each weight within so many milliseconds: who is told everything reads nothing. */
const allowance = { times: 10, within: 600_000 };

/** Milliseconds: from the first wait, which doubles, to the longest, and until it is given up. */
const [firstWait, longestWait, giveUpAfter] = [1_000, 60_000, 3_600_000];

/** Notices that wait for a receiver that does not answer, and keys of those that were left out. */
const most = 100;

interface Waiting {
  readonly notice: Notice;
  readonly leftOut: number;
  readonly since: number;
}

/** Brings notices to one receiver, one after the other, for as long as that takes. Nothing of it is waited for elsewhere. */
export class Deliveries {
  readonly #told = new Attempts(allowance);
  #waiting: Waiting[] = [];
  #failures = 0;
  #isSending = false;
  #isPausing = false;
  /** Keys of which the receiver was not told the beginning: it is not told the end either. */
  #untold = new Set<string>();
  #isStopped = false;
  #unwait: () => void = () => undefined;
  #suppressed = 0;
  #counts = { sent: 0, failed: 0, leftOut: 0 };
  #isTroubled = false;

  constructor(private readonly parts: DeliveryParts) {}

  get counts(): DeliveryCounts {
    return this.#counts;
  }

  /** Notices that are still to be brought. */
  get waiting(): number {
    return this.#waiting.length;
  }

  add(notice: Notice): void {
    const { atLeast, now } = this.parts;
    if (!isAtLeast(notice.weight, atLeast)) return;
    if (notice.phase === "over") {
      if (this.#untold.delete(notice.key)) return;
    } else {
      if (!this.#told.mayTry(notice.weight, now())) {
        this.#leaveOut(notice);
        return;
      }
      this.#told.tried(notice.weight, now());
    }
    this.#waiting.push({ notice, leftOut: this.#suppressed, since: now() });
    this.#suppressed = 0;
    if (this.#waiting.length > most) {
      // The first one may be under way.
      const [dropped] = this.#waiting.splice(1, 1);
      if (dropped !== undefined) {
        this.#suppressed += dropped.leftOut;
        this.#leaveOut(dropped.notice);
      }
    }
    void this.#send();
  }

  stop(): void {
    this.#isStopped = true;
    this.#unwait();
  }

  #leaveOut({ key, phase }: Notice): void {
    if (phase === "begun") this.#untold = new Set([...this.#untold, key].slice(-most));
    this.#suppressed += 1;
    this.#counts = { ...this.#counts, leftOut: this.#counts.leftOut + 1 };
  }

  async #send(): Promise<void> {
    if (this.#isSending || this.#isPausing || this.#isStopped) return;
    this.#isSending = true;
    try {
      for (let [first] = this.#waiting; first !== undefined && !this.#isStopped; [first] = this.#waiting) {
        const answer = await this.parts.post(this.parts.message(first.notice, first.leftOut));
        if (answer.kind === "again" && this.parts.now() - first.since < giveUpAfter) {
          this.#later(answer.why);
          return;
        }
        this.#waiting.shift();
        this.#ended(answer);
      }
    } finally {
      this.#isSending = false;
    }
  }

  #ended(answer: Answer): void {
    const isSent = answer.kind === "taken";
    this.#failures = 0;
    this.#counts = {
      ...this.#counts,
      sent: this.#counts.sent + (isSent ? 1 : 0),
      failed: this.#counts.failed + (isSent ? 0 : 1),
    };
    this.#tell(isSent ? null : answer.why);
  }

  /** Twice as long each time, and never all receivers at once. */
  #later(why: string): void {
    this.#tell(why);
    const wait = Math.min(longestWait, firstWait * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    this.#isPausing = true;
    this.#unwait = this.parts.after(wait * (0.8 + 0.4 * this.parts.random()), () => {
      this.#isPausing = false;
      void this.#send();
    });
  }

  #tell(why: string | null): void {
    if ((why !== null) === this.#isTroubled) return;
    this.#isTroubled = why !== null;
    this.parts.trouble(why);
  }
}
