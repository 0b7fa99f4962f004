import type { Event, EventKind } from "../../api/event.js";
import { EventStore, type Repairs } from "./store.js";

export interface Happening {
  readonly kind: EventKind;
  readonly text: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch; now, where it is not said. */
  readonly at?: number;
}

/** Events in memory: the newest that are on the disk, so that those who follow do not read it. */
const remembered = 256;
/** Events that wait for a disk that refuses them; beyond that the oldest are lost, which is said. */
const mostWaiting = 2_048;
/** Milliseconds until a disk that refused is tried again. */
const tryAgain = 1_000;
/** Events that a follower is given between two looks. */
const page = 100;

/**
 * What happened on this node, on its disk. An event is told to readers once it is synced; while the disk refuses, it is
 * told from memory, and `trouble` says so.
 */
export class EventLog {
  private readonly recent: Event[] = [];
  private waiting: Event[] = [];
  private lost = 0;
  private refusal: { readonly since: number; readonly why: string } | null = null;
  private writing: Promise<void> | null = null;
  private retry: NodeJS.Timeout | null = null;
  private readonly followers = new Set<() => void>();
  private next: number;
  /** The newest event that was told. */
  private told: number;
  private closed = false;

  private constructor(
    private readonly store: EventStore,
    private readonly node: string,
  ) {
    this.next = store.next;
    this.told = store.next - 1;
  }

  /** Opens the log below `directory`; what had to be repaired becomes its first new event. */
  static async open(directory: string, node: string): Promise<EventLog> {
    const store = await EventStore.open(directory);
    const log = new EventLog(store, node);
    if (store.repairs.cut > 0) log.append(repaired(store.repairs));
    return log;
  }

  /** The sequence number of the newest event; 0 in an empty log. */
  get last(): number {
    return this.told;
  }

  /** Why events are only in memory, in one clause; null while the disk takes them. */
  get trouble(): string | null {
    return this.refusal && `the event log cannot be written: ${this.refusal.why}`;
  }

  /** Lines that were damaged when the log was opened. */
  get damaged(): number {
    return this.store.repairs.damaged;
  }

  append({ kind, text, details, at = Date.now() }: Happening): Event {
    const event: Event = {
      sequence: this.next,
      at: new Date(at).toISOString(),
      node: this.node,
      kind,
      text: text.replace(/\p{Cc}+/gu, " "),
      // As it will be read again; what cannot be written fails here, where it comes from.
      details: JSON.parse(JSON.stringify(details)),
    };
    this.next += 1;
    this.waiting.push(event);
    if (this.waiting.length > mostWaiting) {
      this.waiting.shift();
      this.lost += 1;
    }
    if (this.refusal !== null) this.tell();
    else this.write();
    return event;
  }

  /** The events after a sequence number, oldest first. */
  async read({ after, limit }: { after: number; limit: number }): Promise<Event[]> {
    const memory = [...this.recent, ...this.waiting].filter(({ sequence }) => sequence <= this.told);
    const [oldest] = memory;
    const inMemory = memory.filter(({ sequence }) => sequence > after);
    if (after >= this.told || (oldest && oldest.sequence <= after + 1)) return inMemory.slice(0, limit);
    const fromDisk = (await this.store.read(after, limit)).filter(({ sequence }) => sequence <= this.told);
    const newest = fromDisk.at(-1)?.sequence ?? after;
    return [...fromDisk, ...inMemory.filter(({ sequence }) => sequence > newest)].slice(0, limit);
  }

  /**
   * Everything after a sequence number: what is there, then what comes, each once and in order. A reader holds only its
   * place, so that a slow one costs nothing; one slower than the log is long goes on with the oldest that is left.
   */
  async *follow(after: number, signal: AbortSignal): AsyncGenerator<Event, void> {
    let place = after;
    while (!signal.aborted && !this.closed) {
      for (const event of await this.read({ after: place, limit: page })) {
        if (signal.aborted) return;
        place = event.sequence;
        yield event;
      }
      if (place >= this.told && !signal.aborted) await this.news(signal);
    }
  }

  /** Appends it, and resolves when readers are told of it: it is on the disk, or the disk refuses it. */
  async appendAndTell(happening: Happening): Promise<Event> {
    const event = this.append(happening);
    while (this.told < event.sequence && this.writing !== null) await this.writing;
    return event;
  }

  /** Resolves when all that was appended is on the disk, or the disk refuses it. */
  async settled(): Promise<void> {
    while (this.writing !== null) await this.writing;
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.retry) clearTimeout(this.retry);
    this.write();
    this.tell();
    await this.settled();
    await this.store.close();
  }

  /** One write at a time: what is appended meanwhile goes with the next, under one sync. */
  private write(): void {
    if (this.writing !== null || this.waiting.length === 0) return;
    this.writing = this.settle().finally(() => {
      this.writing = null;
      if (this.refusal === null) this.write();
    });
  }

  private async settle(): Promise<void> {
    try {
      const batch = [...this.waiting];
      const taken = await this.store.append(batch);
      // Some may have been dropped from the front meanwhile: what is on the disk is told by its number.
      const newest = batch[taken - 1]?.sequence ?? 0;
      this.recent.push(...batch.slice(0, taken));
      this.recent.splice(0, this.recent.length - remembered);
      this.waiting = this.waiting.filter(({ sequence }) => sequence > newest);
      this.accepted();
    } catch (error) {
      this.refused(error instanceof Error ? error.message : String(error));
    }
    this.tell();
  }

  private accepted(): void {
    const { refusal, lost } = this;
    this.refusal = null;
    if (refusal === null) return;
    const seconds = Math.round((Date.now() - refusal.since) / 1_000);
    const missing = lost === 0 ? "nothing is missing" : `${lost} events are lost`;
    this.lost = 0;
    this.append({
      kind: "agent",
      text: `the event log could not be written for ${seconds} s (${refusal.why}); ${missing}`,
      details: { seconds, why: refusal.why, lost },
    });
  }

  private refused(why: string): void {
    this.refusal = { since: this.refusal?.since ?? Date.now(), why };
    if (this.closed) return;
    this.retry = setTimeout(() => this.write(), tryAgain);
    this.retry.unref();
  }

  private tell(): void {
    const newest = this.refusal === null ? this.recent.at(-1)?.sequence : this.next - 1;
    this.told = Math.max(this.told, newest ?? 0);
    for (const wake of this.followers) wake();
    this.followers.clear();
  }

  private news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.followers.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.followers.add(wake);
      signal.addEventListener("abort", wake);
    });
  }
}

const repaired = ({ cut, damaged }: Repairs): Happening => ({
  kind: "agent",
  text: `the event log ended in a half written line, which was cut off (${cut} bytes)`,
  details: { cut, damaged },
});
