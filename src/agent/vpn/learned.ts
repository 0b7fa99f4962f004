import type { Host } from "../../host/host.js";
import type { Family } from "../../topology/cluster.js";
import { type LearnedRoute, learnedRoutesIn, listLearnedRoutes } from "../../vpn/learned-routes.js";

export interface AgedRoute extends LearnedRoute {
  /** Milliseconds since the epoch when it was first seen so. */
  readonly since: number;
}

/** The routes to what other servers announce, as the kernel has them. */
export class Learned {
  #routes = new Map<string, AgedRoute>();

  constructor(
    private readonly host: Pick<Host, "run" | "now">,
    private readonly families: readonly Family[],
  ) {}

  get routes(): AgedRoute[] {
    return [...this.#routes.values()];
  }

  async look(): Promise<void> {
    const lists = this.families.map(async (family) => {
      const { stdout } = await this.host.run(["ip", ...listLearnedRoutes(family)]);
      const listed = learnedRoutesIn(stdout);
      return "value" in listed ? listed.value : [];
    });
    const routes = (await Promise.all(lists)).flat();
    const now = this.host.now();
    this.#routes = new Map(
      routes.map((route) => {
        const key = `${route.destination} ${route.device}`;
        return [key, { ...route, since: this.#routes.get(key)?.since ?? now }] as const;
      }),
    );
  }
}
