import type { Host } from "../../host/host.js";
import type { ServerState } from "../../observe/state.js";
import type { Cluster, Family } from "../../topology/cluster.js";
import { changedChains, restoreInput, type Spread, spreadFor } from "./spread.js";

const restore: Readonly<Record<Family, string>> = { 4: "iptables-restore", 6: "ip6tables-restore" };
const families = [4, 6] as const;

/**
 * Turns HAProxy's word on the servers into the chains of `nat` services: a chain is loaded alone, and only when it
 * changes. The first word after a start loads them all.
 */
export class SpreadKeeper {
  private readonly loaded = new Map<Family, Spread>();
  private wanted: readonly ServerState[] | null = null;
  private signature = "";
  private work: Promise<void> = Promise.resolve();
  private held = false;

  constructor(
    private readonly host: Host,
    private readonly cluster: Cluster,
    private readonly on: { loaded(chains: readonly string[]): void; failed(why: string): void },
  ) {}

  /** Resolves when the chains are loaded, or have failed to. */
  servers(servers: readonly ServerState[]): Promise<void> {
    const signature = servers.map(({ service, name, up }) => `${service}/${name}/${up}`).join();
    if (signature === this.signature) return this.work;
    this.signature = signature;
    this.wanted = servers;
    this.work = this.work.then(() => this.settle());
    return this.work;
  }

  /** What the chains of a family should hold now; empty until HAProxy has spoken. */
  spread(family: Family): Spread {
    return this.loaded.get(family) ?? new Map();
  }

  /** Loads every chain again at HAProxy's next word: somebody changed them, or they were loaded anew. */
  forget(): void {
    this.loaded.clear();
    this.signature = "";
  }

  /** Loads nothing until `release`: an apply loads rules itself. Resolves when nothing is under way. */
  async hold(): Promise<void> {
    this.held = true;
    await this.work;
  }

  /** Whatever stands in the kernel now, HAProxy's next word decides. */
  release(): void {
    this.held = false;
    this.forget();
  }

  private async settle(): Promise<void> {
    const servers = this.wanted;
    if (servers === null || this.held) return;
    this.wanted = null;
    for (const family of families) {
      const next = spreadFor(this.cluster, family, servers);
      const changed = changedChains(this.loaded.get(family) ?? new Map(), next);
      if (changed.length === 0) continue;
      const result = await this.host
        .run([restore[family], "--noflush", "--wait", "2"], { stdin: restoreInput(changed) })
        .catch((error: unknown) => ({ exitCode: -1, stderr: String(error) }));
      if (result.exitCode !== 0) {
        this.forget();
        this.on.failed(`${restore[family]}: ${result.stderr.trim()}`);
        return;
      }
      this.loaded.set(family, next);
      this.on.loaded(changed.map(({ name }) => name));
    }
  }
}
