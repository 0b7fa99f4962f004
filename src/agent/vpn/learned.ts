import type { Host } from "../../host/host.js";
import type { Family } from "../../topology/cluster.js";
import { type LearnedRoute, learnedRouteIn, listLearnedRoutes } from "../../vpn/learned-routes.js";

export interface AgedRoute extends LearnedRoute {
  /** Milliseconds since the epoch when it was first seen so. */
  readonly since: number;
}

/** One for all routes that are alike but for their destination: there may be a million of them. */
type Way = Omit<AgedRoute, "destination">;

/** The routes to what other servers announce, as the kernel has them. */
export class Learned {
  #ways = new Map<string, Way>();

  constructor(
    private readonly host: Pick<Host, "run" | "now">,
    private readonly families: readonly Family[],
  ) {}

  get routes(): AgedRoute[] {
    return [...this.#ways].map(([destination, way]) => ({ destination, ...way }));
  }

  async look(): Promise<void> {
    const ways = new Map<string, Way>();
    const since = this.host.now();
    const fresh = new Map<string, Way>();
    const wayOf = ({ destination, via, device }: LearnedRoute): Way => {
      const before = this.#ways.get(destination);
      if (before?.via === via && before.device === device) return before;
      const key = `${via} ${device}`;
      const way = fresh.get(key) ?? { via, device, since };
      fresh.set(key, way);
      return way;
    };
    const lists = this.families.map((family) =>
      this.#lines(listLearnedRoutes(family), (line) => {
        const route = learnedRouteIn(line);
        if (route !== null) ways.set(ownText(route.destination), wayOf(route));
      }),
    );
    await Promise.all(lists);
    this.#ways = ways;
  }

  async #lines(words: readonly string[], read: (line: string) => void): Promise<void> {
    let rest = "";
    const take = (piece: string): void => {
      const lines = (rest + piece).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) read(line);
    };
    await this.host.run(["ip", ...words], { take });
  }
}

/** A copy: a part of a text holds the whole of it in memory. */
const ownText = (text: string): string => Buffer.from(text, "latin1").toString("latin1");
