import type { Logger } from "pino";
import type { Host } from "../../host/host.js";
import { type SavedRules, saveAllRules } from "../../observe/drift.js";
import { Follower } from "./follower.js";
import { Looking } from "./looking.js";

/** Milliseconds between two looks that nothing gave reason to. */
const sweeps = {
  events: 300_000,
  /** The legacy iptables tells nobody of its changes. */
  legacy: 5_000,
};

/** iptables 1.8's own word on its changes; without a terminal it would keep its lines until 4 KiB are full. */
const monitor = ["stdbuf", "-oL", "xtables-monitor", "--event"] as const;

/**
 * What iptables-save says, read again when xtables-monitor tells of a change: one look for all who need it. It costs
 * two processes a look and nothing while nothing happens.
 */
export class KernelRules {
  private readonly looking: Looking;
  private readonly follower: Follower;
  private readonly listeners = new Set<(saved: SavedRules) => void>();
  private sweep: NodeJS.Timeout | null = null;
  private saved: SavedRules | null = null;

  constructor(
    private readonly host: Host,
    log: Logger,
  ) {
    this.looking = new Looking(
      () => this.look(),
      (error) => log.warn({ err: error }, "rules could not be read"),
    );
    this.follower = new Follower(monitor, () => this.looking.request(), log);
  }

  /** Calls back with what is known, and after every look. @returns what ends it */
  onLook(listener: (saved: SavedRules) => void): () => void {
    this.listeners.add(listener);
    if (this.saved !== null) listener(this.saved);
    return () => void this.listeners.delete(listener);
  }

  /** Looks at once, for somebody who has changed rules and will not wait for the word of it. */
  now(): Promise<void> {
    return this.looking.now();
  }

  async stop(): Promise<void> {
    this.follower.stop();
    if (this.sweep !== null) clearTimeout(this.sweep);
    await this.looking.stop();
    if (this.sweep !== null) clearTimeout(this.sweep);
  }

  private async look(): Promise<void> {
    const saved = await saveAllRules(this.host);
    this.saved = saved;
    for (const listener of this.listeners) listener(saved);
    if (this.sweep !== null) clearTimeout(this.sweep);
    const printed = saved[4] + saved[6];
    const legacy = printed !== "" && !printed.includes("(nf_tables)");
    this.sweep = setTimeout(() => this.looking.request(), legacy ? sweeps.legacy : sweeps.events);
  }
}
