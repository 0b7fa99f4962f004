/** A run of whole messages. */
interface Run {
  readonly bytes: Buffer;
  readonly messages: number;
  /** When its first message came, in milliseconds. */
  readonly since: number;
}

/** Bytes of small runs that are put together, so that they do not keep the far larger buffer that they are views of. */
const block = 16 * 1_024;

/** Bytes that several queues may hold together. */
export class QueueBudget {
  used = 0;

  constructor(readonly most: number) {}

  get exceeded(): boolean {
    return this.used > this.most;
  }
}

/** What waits for the master controller: whole messages, at most so many bytes. The oldest give way. */
export class MessageQueue {
  #runs: Run[] = [];
  #first = 0;
  /** The block that small runs are copied into. */
  #open: { bytes: Buffer; length: number; messages: number; since: number } | null = null;
  #bytes = 0;
  #messages = 0;

  /** @param budget shared with others: where it is exceeded, whoever adds gives way, too */
  constructor(
    private readonly most: number,
    private readonly budget = new QueueBudget(Infinity),
  ) {}

  get bytes(): number {
    return this.#bytes;
  }

  get messages(): number {
    return this.#messages;
  }

  /** When the oldest message that waits came; null where none does. */
  get since(): number | null {
    return (this.#runs[this.#first] ?? this.#open)?.since ?? null;
  }

  /** How many messages gave way, these or older ones. */
  add(bytes: Buffer, messages: number, now: number): number {
    if (bytes.length > this.most) return messages + this.clear();
    if (this.#open !== null && this.#open.length + bytes.length > block) this.#close();
    if (bytes.length >= block / 2) {
      this.#close();
      this.#runs.push({ bytes: Buffer.from(bytes), messages, since: now });
    } else {
      this.#open ??= { bytes: Buffer.allocUnsafe(block), length: 0, messages: 0, since: now };
      bytes.copy(this.#open.bytes, this.#open.length);
      this.#open.length += bytes.length;
      this.#open.messages += messages;
    }
    this.#bytes += bytes.length;
    this.budget.used += bytes.length;
    this.#messages += messages;
    let dropped = 0;
    while (this.#bytes > this.most || (this.budget.exceeded && this.#bytes > 0))
      dropped += this.take()?.messages ?? 0;
    return dropped;
  }

  /** The oldest run. */
  take(): Run | null {
    if (this.#first === this.#runs.length) this.#close();
    const run = this.#runs[this.#first];
    if (run === undefined) return null;
    this.#first += 1;
    if (this.#first > 1_024 || this.#first === this.#runs.length) {
      this.#runs = this.#runs.slice(this.#first);
      this.#first = 0;
    }
    this.#bytes -= run.bytes.length;
    this.budget.used -= run.bytes.length;
    this.#messages -= run.messages;
    return run;
  }

  /** How many messages are forgotten. */
  clear(): number {
    const forgotten = this.#messages;
    this.budget.used -= this.#bytes;
    [this.#runs, this.#first, this.#open, this.#bytes, this.#messages] = [[], 0, null, 0, 0];
    return forgotten;
  }

  #close(): void {
    if (this.#open === null) return;
    const { bytes, length, ...rest } = this.#open;
    this.#open = null;
    this.#runs.push({ bytes: bytes.subarray(0, length), ...rest });
  }
}
