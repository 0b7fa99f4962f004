import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds. */
export interface Rhythm {
  readonly stands: number;
  readonly goes: number;
}

/** Has daemons stand still and go on, again and again, until they are let go on for good. */
export class Halting {
  private readonly running = new Map<
    string,
    { readonly ending: AbortController; readonly ended: Promise<void> }
  >();

  /** @param send a signal to every process of the daemon */
  constructor(
    private readonly send: (machine: string, daemon: string, signal: NodeJS.Signals) => Promise<unknown>,
  ) {}

  begin(machine: string, daemon: string, rhythm: Rhythm): void {
    const name = `${daemon} on ${machine}`;
    if (this.running.has(name)) return;
    const ending = new AbortController();
    const ended = this.beat(machine, daemon, rhythm, ending.signal).catch(() => undefined);
    this.running.set(name, { ending, ended });
  }

  async end(machine: string, daemon: string): Promise<void> {
    const name = `${daemon} on ${machine}`;
    const own = this.running.get(name);
    this.running.delete(name);
    own?.ending.abort();
    await own?.ended;
    await this.send(machine, daemon, "SIGCONT");
  }

  private async beat(
    machine: string,
    daemon: string,
    { stands, goes }: Rhythm,
    signal: AbortSignal,
  ): Promise<void> {
    for (;;) {
      await this.send(machine, daemon, "SIGSTOP");
      await sleep(stands, undefined, { signal });
      await this.send(machine, daemon, "SIGCONT");
      await sleep(goes, undefined, { signal });
    }
  }
}
