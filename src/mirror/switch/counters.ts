import { Type } from "../openflow/message-type.js";

/** What was counted of one switch, over all its connections; every number only grows. */
export class Counters {
  /** Whole messages that were seen, and their bytes. */
  messages = 0;
  bytes = 0;
  /** Messages by type. */
  readonly types = new Float64Array(256);
  /** Messages that the master controller's system acknowledged; presumed of those that were on their way for less than a moment when we ended its connection. */
  delivered = 0;
  /** Messages that the master controller did not get: others came, or its connection ended while they waited. */
  dropped = 0;
  /** Times that the thread was lost and found again, and bytes that belong to no message that was seen. */
  resyncs = 0;
  lostBytes = 0;
  /** Changes that the master controller asked for and no switch heard of. */
  writes = 0;
  /** Times that the master controller ended, or refused, the session. */
  parted = 0;

  /** Times that the switch asked whether anybody is there. */
  get echoes(): number {
    return this.types[Type.echoRequest] ?? 0;
  }

  add(other: Counters): void {
    this.messages += other.messages;
    this.bytes += other.bytes;
    for (const [type, count] of other.types.entries())
      if (count > 0) this.types[type] = (this.types[type] ?? 0) + count;
    this.delivered += other.delivered;
    this.dropped += other.dropped;
    this.resyncs += other.resyncs;
    this.lostBytes += other.lostBytes;
    this.writes += other.writes;
    this.parted += other.parted;
  }
}
