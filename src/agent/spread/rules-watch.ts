import type { Logger } from "pino";
import type { Host } from "../../host/host.js";
import { observeRules } from "../../observe/rules.js";
import type { ServerState } from "../../observe/state.js";
import { isBucketChain } from "../../render/chains.js";
import type { Cluster } from "../../topology/cluster.js";
import { SpreadKeeper } from "./spread-keeper.js";

/** Milliseconds. Whoever hears of a change, or looks for one, says so (`soon`); this is for what nobody heard of. */
const lookEvery = 300_000;

/** The kernel's rules: keeps `nat` services spread over the servers that are up, and looks now and then what is missing. */
export class RulesWatch {
  private readonly spread: SpreadKeeper;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private held = false;

  constructor(
    private readonly host: Host,
    cluster: Cluster,
    private readonly log: Logger,
    /** What was missing when an earlier watch looked last. */
    private lacking: readonly string[] = [],
  ) {
    this.spread = new SpreadKeeper(host, cluster, {
      loaded: (chains) => log.info({ chains }, "nat services spread over the servers that are up"),
      failed: (why) => log.error({ why }, "nat services could not be spread"),
    });
    this.plan(1_000);
  }

  get missing(): readonly string[] {
    return this.lacking;
  }

  /** Takes HAProxy's word on the servers. Resolves when `nat` services are spread accordingly, or could not be. */
  servers(servers: readonly ServerState[]): Promise<void> {
    return this.spread.servers(servers);
  }

  /** Somebody saw that the rules changed: looks now. */
  soon(): void {
    this.plan(0);
  }

  /**
   * Judges nothing and loads nothing until `release`: while an apply is under way the files may be ahead of the kernel.
   * Resolves when nothing is loaded any more.
   */
  hold(): Promise<void> {
    this.held = true;
    return this.spread.hold();
  }

  release(): void {
    this.held = false;
    this.spread.release();
    this.soon();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.hold();
  }

  private plan(delay: number): void {
    if (this.timer) clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => void this.look(), delay);
  }

  private async look(): Promise<void> {
    if (this.held) return;
    const begun = performance.now();
    try {
      const { missing, unexpected } = await observeRules(this.host, (family) => this.spread.spread(family));
      if (this.held) return;
      if ([...missing, ...unexpected].some(concernsSpread)) this.spread.forget();
      const lacking = missing.filter((rule) => !concernsSpread(rule));
      const changed = lacking.join("\n") !== this.lacking.join("\n");
      this.lacking = lacking;
      if (changed) this.log.info({ missing: lacking.slice(0, 5), count: lacking.length }, "rules missing");
    } catch (error) {
      this.log.warn({ err: error }, "rules could not be read");
    }
    // Ten thousand rules take their time: never more than a fiftieth of it goes into looking.
    this.plan(Math.max(lookEvery, 50 * (performance.now() - begun)));
  }
}

/** `-t nat -A HOLDFAST-openflow ...`: the chain is there, its content is not what the servers' health wants. */
const concernsSpread = (rule: string): boolean => {
  const [, chain = ""] = / -A (\S+)/.exec(rule) ?? [];
  return isBucketChain(chain);
};
