import type { Host } from "../host/host.js";
import { observeRules } from "../observe/rules.js";
import { isBucketChain } from "../render/chains.js";
import type { SpreadKeeper } from "./spread-keeper.js";

/** Milliseconds. */
const lookEvery = 5_000;

/** Looks now and then whether the kernel still has the rendered rules. `nat` services' own chains are put right at once. */
export class RulesWatch {
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private lacking: readonly string[] = [];

  constructor(
    private readonly host: Host,
    private readonly spread: SpreadKeeper,
    private readonly on: { changed(missing: readonly string[]): void; failed(why: string): void },
  ) {
    this.plan(1_000);
  }

  get missing(): readonly string[] {
    return this.lacking;
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private plan(delay: number): void {
    if (!this.stopped) this.timer = setTimeout(() => void this.look(), delay);
  }

  private async look(): Promise<void> {
    const begun = performance.now();
    try {
      const { missing, unexpected } = await observeRules(this.host, (family) => this.spread.spread(family));
      if ([...missing, ...unexpected].some(concernsSpread)) this.spread.forget();
      const lacking = missing.filter((rule) => !concernsSpread(rule));
      const changed = lacking.join("\n") !== this.lacking.join("\n");
      this.lacking = lacking;
      if (changed) this.on.changed(lacking);
    } catch (error) {
      this.on.failed(error instanceof Error ? error.message : String(error));
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
