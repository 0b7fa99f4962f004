import { setImmediate as breathe } from "node:timers/promises";
import type { Host } from "../../host/host.js";
import { endpoint } from "../../render/haproxy.js";
import type { Cluster, Service } from "../../topology/cluster.js";
import type { FormerServer } from "./deletions.js";
import { lookups, removedServer } from "./removed.js";

/** Milliseconds that a service is carried here before its table is read: a node that takes over has other work first. */
const settle = 2_000;

/** Lines that are read before other work has its turn. */
const chunk = 500;

/**
 * Finds servers that still have sessions although the topology no longer has them. An agent lives as long as its
 * topology: one look is enough for each service.
 */
export class RemovedServers {
  private readonly former: FormerServer[] = [];
  private readonly since = new Map<string, number>();
  private readonly looked = new Set<string>();

  constructor(
    private readonly host: Pick<Host, "run">,
    private readonly cluster: Cluster,
  ) {}

  get found(): readonly FormerServer[] {
    return this.former;
  }

  /** The services that are to be looked at now, of those that this node carries. */
  due(carried: readonly Service[], now: number): Service[] {
    const waiting = carried.filter(({ name }) => !this.looked.has(name));
    for (const { name } of waiting) if (!this.since.has(name)) this.since.set(name, now);
    return waiting.filter(({ name }) => now - (this.since.get(name) ?? now) >= settle);
  }

  /** Throws in conntrack's words; what was not looked at then is due again in a while. */
  async look(services: readonly Service[], now: number): Promise<void> {
    for (const service of services) this.since.set(service.name, now);
    for (const service of services) {
      for (const argv of lookups(this.cluster, service)) await this.read(service, argv);
      this.looked.add(service.name);
    }
  }

  private async read(service: Service, argv: readonly string[]): Promise<void> {
    const { exitCode, stdout, stderr } = await this.host.run(argv);
    if (exitCode !== 0) throw new Error(`conntrack -L: ${stderr.trim()}`);
    const known = new Set(this.former.map(({ server }) => endpoint(server)));
    for (const [index, line] of stdout.split("\n").entries()) {
      if (index % chunk === chunk - 1) await breathe();
      const server = removedServer(service, line);
      if (server === null || known.has(endpoint(server))) continue;
      known.add(endpoint(server));
      this.former.push({ service, server });
    }
  }
}
