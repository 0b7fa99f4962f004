import { setTimeout as sleep } from "node:timers/promises";
import type { Host } from "../../host/host.js";
import type { ServerState } from "../../observe/state.js";
import { paths } from "../../render/paths.js";
import type { Cluster } from "../../topology/cluster.js";
import { proxiedOn } from "./stale.js";

/** HAProxy's answer is short; one that takes longer is asked again. Milliseconds. */
const [answerWithin, retry, attempts] = [1_000, 100, 15];

/** What a command can name; HAProxy itself would take other characters. */
const plain = /^[A-Za-z0-9_.-]+$/;

export interface OwnHalvesListener {
  /** As HAProxy here knows them, those that only drain included. */
  servers(): readonly ServerState[];
  /** A peer says that it owns the network's virtual IPs. */
  isServed(network: string): boolean;
  failed(why: string): void;
}

/**
 * Once another node owns a virtual IP, no packet of the sessions that HAProxy here still holds with its clients arrives
 * any more. The other node releases the clients; their servers would wait for the keepalive, unless HAProxy ends the
 * sessions. Not before somebody else is the owner: a role that comes right back ends nobody's session.
 */
export class OwnHalves {
  private readonly given = new Set<string>();

  constructor(
    private readonly host: Pick<Host, "ask">,
    private readonly cluster: Cluster,
    private readonly on: OwnHalvesListener,
  ) {}

  /** This node no longer owns the network's virtual IPs. */
  lost(network: string): void {
    if (proxiedOn(this.cluster, network).length === 0) return;
    this.given.add(network);
    this.heard();
  }

  /** It owns them again. */
  took(network: string): void {
    this.given.delete(network);
  }

  /** A peer's word is news. */
  heard(): void {
    for (const network of this.given) {
      if (!this.on.isServed(network)) continue;
      this.given.delete(network);
      void this.end(endings(this.cluster, network, this.on.servers()));
    }
  }

  private async end(commands: readonly string[]): Promise<void> {
    if (commands.length === 0) return;
    for (let attempt = 1; attempt <= attempts; attempt++)
      try {
        const answer = await this.host.ask(paths.haproxyAdmin, `${commands.join("; ")}\n`, answerWithin);
        // It answers what it did with silence.
        if (answer.trim() === "") return;
        throw new Error(answer.trim());
      } catch (error) {
        if (attempt === attempts) this.on.failed(error instanceof Error ? error.message : String(error));
        await sleep(retry, undefined, { ref: false });
      }
  }
}

/** What HAProxy is told (management guide, 9.3), so that every session of the network's services ends. */
export function endings(cluster: Cluster, network: string, servers: readonly ServerState[]): string[] {
  const services = new Set(proxiedOn(cluster, network).map(({ name }) => name));
  return servers
    .filter(({ service, name }) => services.has(service) && plain.test(service) && plain.test(name))
    .map(({ service, name }) => `shutdown sessions server ${service}/${name}`);
}
