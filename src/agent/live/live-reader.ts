import type { Sent } from "../../api/call.js";
import type { Event } from "../../api/event.js";
import type { Live, LiveOwners, LivePicture, LivePulse } from "../../api/live.js";

/** Events that wait for a reader who takes none; the oldest go first, and its next look at the log has them all. */
const mostWaiting = 500;

/** What one page has not been sent yet: the newest of what stands, and all that happened. */
export class LiveReader {
  private owners: LiveOwners | null = null;
  private picture: LivePicture | null = null;
  private pulse: LivePulse | null = null;
  private events: Event[] = [];
  private wake: () => void = () => undefined;
  private sent = 0;

  see(seen: LiveOwners | LivePicture | LivePulse): void {
    if (seen.kind === "owners") this.owners = seen;
    else if (seen.kind === "picture") this.picture = seen;
    else this.pulse = seen;
    this.wake();
  }

  hear(event: Event): void {
    this.events.push(event);
    if (this.events.length > mostWaiting) this.events.shift();
    this.wake();
  }

  async *read(signal: AbortSignal): AsyncGenerator<Sent<Live>, void> {
    const wake = () => this.wake();
    signal.addEventListener("abort", wake);
    try {
      while (!signal.aborted) {
        const next = this.take();
        if (next === null) await this.news(signal);
        else yield { id: ++this.sent, data: next };
      }
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }

  /** Who owns the virtual IPs goes before everything else. */
  private take(): Live | null {
    const { owners, picture } = this;
    if (owners !== null) {
      this.owners = null;
      return owners;
    }
    const event = this.events.shift();
    if (event !== undefined) return { kind: "event", event };
    const rest = picture ?? this.pulse;
    this.picture = null;
    // Whoever hears anything hears that the agent lives.
    this.pulse = null;
    return rest;
  }

  private async news(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    this.wake = () => undefined;
  }
}
