import { setTimeout as sleep } from "node:timers/promises";
import type { Sent } from "../../api/call.js";
import type { Event } from "../../api/event.js";
import type { Live, LiveOwners, LivePicture, LivePulse } from "../../api/live.js";
import { LiveReader } from "./live-reader.js";

export interface LiveParts {
  /** What is known without asking anybody; null where the node has no topology. */
  owners(): Pick<LiveOwners, "networks" | "heard"> | null;
  /** The cluster, asked of all its nodes; null where there is nothing to ask about. */
  picture(): Promise<LivePicture | null>;
  /** This node's events as they come. */
  ownEvents(signal: AbortSignal): AsyncIterable<Event>;
  /** What happened on the other machines since this was last asked; from now on, at the first time. */
  otherEvents(): Promise<readonly Event[]>;
  /** Something that may be of the kind that cannot be told. */
  failed(error: unknown): void;
}

/** Milliseconds between two looks. Who owns the virtual IPs is known here; to ask all nodes costs them processes. */
const pace = { owners: 50, picture: 1_000, others: 1_000, pulse: 2_000 };

/**
 * What all open pages see: looked at once for all of them, and only while somebody looks. Each reader is given the newest
 * picture, however slow it is, and every event that fits its bounds.
 */
export class LiveView {
  private readonly readers = new Set<LiveReader>();
  private looking: AbortController | null = null;
  private owners: LiveOwners | null = null;
  private picture: LivePicture | null = null;

  constructor(private readonly parts: LiveParts) {}

  async *follow(signal: AbortSignal): AsyncGenerator<Sent<Live>, void> {
    const reader = new LiveReader();
    if (this.owners !== null) reader.see(this.owners);
    if (this.picture !== null) reader.see(this.picture);
    this.readers.add(reader);
    this.look();
    try {
      yield* reader.read(signal);
    } finally {
      this.readers.delete(reader);
      if (this.readers.size === 0) this.rest();
    }
  }

  private look(): void {
    if (this.looking !== null) return;
    const looking = new AbortController();
    this.looking = looking;
    const { signal } = looking;
    void this.again(pace.owners, signal, async () => this.lookAtOwners());
    void this.again(pace.picture, signal, () => this.lookAtAll());
    void this.again(pace.others, signal, async () => this.tell(await this.parts.otherEvents()));
    void this.again(pace.pulse, signal, async () =>
      this.show({ kind: "pulse", at: new Date().toISOString() }),
    );
    void this.tellOwn(signal).catch((error: unknown) => this.parts.failed(error));
  }

  /** Nobody looks any more: what was seen is old when the next one comes. */
  private rest(): void {
    this.looking?.abort();
    this.looking = null;
    this.owners = null;
    this.picture = null;
  }

  /** One look after the other; one that fails is followed by the next all the same. */
  private async again(every: number, signal: AbortSignal, look: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      await look().catch((error: unknown) => this.parts.failed(error));
      await sleep(every, undefined, { signal }).catch(() => undefined);
    }
  }

  private lookAtOwners(): void {
    const seen = this.parts.owners();
    if (seen === null || isSame(seen, this.owners)) return;
    this.owners = { kind: "owners", at: new Date().toISOString(), ...seen };
    this.show(this.owners);
  }

  private async lookAtAll(): Promise<void> {
    const seen = await this.parts.picture();
    if (seen === null || isSame(seen, this.picture)) return;
    this.picture = seen;
    this.show(seen);
  }

  private async tellOwn(signal: AbortSignal): Promise<void> {
    for await (const event of this.parts.ownEvents(signal)) this.tell([event]);
  }

  private tell(events: readonly Event[]): void {
    for (const reader of this.readers) for (const event of events) reader.hear(event);
  }

  private show(seen: LiveOwners | LivePicture | LivePulse): void {
    for (const reader of this.readers) reader.see(seen);
  }
}

/** But for when it was seen. */
const isSame = (one: object, other: object | null): boolean =>
  other !== null && JSON.stringify({ ...one, ...unseen }) === JSON.stringify({ ...other, ...unseen });
const unseen = { at: "", kind: "" };
