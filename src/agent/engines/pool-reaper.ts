import { parseLivePool, showPool } from "../../deploy/pool-live.js";
import type { Host } from "../../host/host.js";
import type { ServerState } from "../../observe/state.js";
import { paths } from "../../render/paths.js";
import type { Cluster } from "../../topology/cluster.js";

/** Milliseconds that a server is without sessions before it goes: one that is just being added looks alike for a moment. */
const linger = 1_000;

/** HAProxy's answers are short; one that takes longer is asked again. Milliseconds. */
const answerWithin = 1_000;

/** What a command can name; HAProxy itself would take other characters. */
const plain = /^[A-Za-z0-9_.-]+$/;

/**
 * Deletes the servers that a change of the pool left behind to drain, once their last session has ended. Servers of the
 * topology, and servers that take new sessions, are not its business.
 */
export class PoolReaper {
  private readonly idleSince = new Map<string, number>();
  private busy = false;

  constructor(
    private readonly host: Host,
    private readonly cluster: Cluster,
    private readonly on: { deleted(server: string): void; failed(why: string): void },
  ) {}

  /** Takes HAProxy's word on its servers, as HaproxyWatch has it. */
  servers(servers: readonly ServerState[]): void {
    const now = performance.now();
    const idle = servers.filter((server) => server.sessions === 0 && isLeftover(this.cluster, server));
    const places = new Set(idle.map(placeOf));
    for (const place of this.idleSince.keys()) if (!places.has(place)) this.idleSince.delete(place);
    for (const place of places) if (!this.idleSince.has(place)) this.idleSince.set(place, now);
    const ripe = [...this.idleSince].find(([, since]) => now - since >= linger);
    if (ripe === undefined || this.busy) return;
    this.busy = true;
    void this.delete(ripe[0]).finally(() => {
      this.busy = false;
    });
  }

  private async delete(place: string): Promise<void> {
    // If it fails it has its time again.
    this.idleSince.delete(place);
    try {
      if (!(await this.stillDrains(place))) return;
      const answer = await this.ask(`set server ${place} state maint; del server ${place}`);
      if (answer.includes("Server deleted.")) return this.on.deleted(place);
      await this.ask(`set server ${place} state drain`);
      this.on.failed(`${place}: ${answer.trim()}`);
    } catch (error) {
      this.on.failed(`${place}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private async stillDrains(place: string): Promise<boolean> {
    const pool = parseLivePool(await this.ask(showPool));
    return [...pool].some(([backend, servers]) =>
      servers.some(
        ({ name, admin, sessions }) => `${backend}/${name}` === place && admin !== "ready" && sessions === 0,
      ),
    );
  }

  private readonly ask = (request: string): Promise<string> =>
    this.host.ask(paths.haproxyAdmin, `${request}\n`, answerWithin);
}

/** HAProxy has it, the topology does not: it drains, or somebody added it by hand. */
function isLeftover(cluster: Cluster, { service, name }: Pick<ServerState, "service" | "name">): boolean {
  if (!plain.test(service) || !plain.test(name)) return false;
  const own = cluster.services.find((one) => one.name === service);
  return own?.servers.every((server) => server.name !== name) === true;
}

const placeOf = ({ service, name }: ServerState): string => `${service}/${name}`;
