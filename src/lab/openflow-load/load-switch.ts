import { Connection, type Place } from "./connection.js";
import { bufferOf, mark, packetInTemplate } from "./packet-in.js";
import { answeredBy } from "./reaction.js";
import type { Identity } from "./switch-answers.js";
import type { Tally } from "./tally.js";
import type { Sum } from "./transcript.js";

export interface SpokenConnection {
  readonly all: Sum;
  readonly afterGreeting: Sum;
  readonly ended: string | null;
}

export interface Manner {
  /** Bytes of a message. */
  readonly size: number;
  /** Messages that are unanswered at any time; null where somebody else sends them. */
  readonly window: number | null;
  /** Milliseconds until an ended session is opened again. */
  readonly retry: number;
}

/** Bytes that may wait in a switch for its connection. */
const mostWaiting = 1_048_576;
/** Messages that may be unanswered. */
const mostUnanswered = 1_048_576;

/** A generated switch: a session that it always opens anew, and numbered messages on it. */
export class LoadSwitch {
  readonly #template: Buffer;
  /** When each was sent, by what an answer calls it. */
  readonly #unanswered = new Map<number, number>();
  readonly #past: SpokenConnection[] = [];
  #connection: Connection;
  #next = 0;
  #sessions = 0;
  #over = false;

  constructor(
    readonly identity: Identity,
    private readonly place: Place,
    private readonly manner: Manner,
    private readonly tally: Tally,
  ) {
    const source = Number(identity.datapath & 0xffffffffn);
    this.#template = packetInTemplate(identity.version, manner.size, source);
    this.#connection = this.#connect();
  }

  get live(): boolean {
    return this.#connection.live;
  }

  get unanswered(): number {
    return this.#unanswered.size;
  }

  /** Sends the next so many messages. */
  send(count: number): void {
    if (!this.live || this.#connection.waiting > mostWaiting || this.#unanswered.size > mostUnanswered) {
      if (performance.now() >= this.tally.since) this.tally.skipped += count;
      return;
    }
    const { length } = this.#template;
    const bytes = Buffer.allocUnsafe(count * length);
    const now = performance.now();
    const time = Math.floor((performance.timeOrigin + now) * 100) % 2 ** 32;
    for (let each = 0; each < count; each += 1) {
      this.#template.copy(bytes, each * length);
      mark(bytes, each * length, this.identity.version, { number: this.#next, time });
      this.#unanswered.set(bufferOf(this.#next), now);
      this.#next += 1;
    }
    this.tally.sentInAll += count;
    if (now >= this.tally.since) this.tally.sent += count;
    this.#connection.say(bytes);
  }

  /** Nothing more is sent. */
  rest(): void {
    this.#over = true;
  }

  /** Ends the session, and tells of every one that there was. */
  end(): SpokenConnection[] {
    this.#over = true;
    this.#forget();
    const last = { ...this.#connection.sums, ended: null };
    this.#connection.end("the run is over");
    return [...this.#past, last];
  }

  #connect(): Connection {
    let answered = 0;
    return new Connection(this.identity, this.place, {
      live: () => {
        if (this.#sessions > 0) this.tally.reconnects += 1;
        this.#sessions += 1;
        if (this.manner.window !== null && !this.#over) this.send(this.manner.window);
      },
      heard: (bytes) => {
        answered += this.#answer(bytes);
      },
      drained: () => {
        if (this.manner.window !== null && answered > 0 && !this.#over) this.send(answered);
        answered = 0;
      },
      ended: (why, wasLive) => this.#ended(why, wasLive),
    });
  }

  /** How many messages this answers: 1, or 0. */
  #answer(bytes: Buffer): number {
    const named = answeredBy(this.identity.version, bytes);
    const sent = named === null ? undefined : this.#unanswered.get(named);
    if (named === null || sent === undefined) return 0;
    this.#unanswered.delete(named);
    if (sent >= this.tally.since) {
      this.tally.answered += 1;
      this.tally.latency.add(performance.now() - sent);
    }
    return 1;
  }

  /** Nobody will answer these any more. */
  #forget(): void {
    for (const sent of this.#unanswered.values()) if (sent >= this.tally.since) this.tally.unanswered += 1;
    this.#unanswered.clear();
  }

  #ended(why: string, wasLive: boolean): void {
    if (this.#over) return;
    this.#past.push({ ...this.#connection.sums, ended: why });
    this.#forget();
    if (wasLive) this.tally.lost += 1;
    this.tally.why[why] = (this.tally.why[why] ?? 0) + 1;
    setTimeout(() => {
      if (!this.#over) this.#connection = this.#connect();
    }, this.manner.retry);
  }
}
