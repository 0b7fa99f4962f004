import type { Host } from "../../host/host.js";
import type { Family } from "../../topology/cluster.js";
import { birdRouteTimes, birdTimeIn } from "../../vpn/bird-times.js";
import { type LearnedRoute, learnedRouteIn, listLearnedRoutes } from "../../vpn/learned-routes.js";

export interface AgedRoute extends LearnedRoute {
  /** Milliseconds since the epoch when BIRD had it from the other server; null where BIRD does not say. */
  readonly since: number | null;
}

/** The routes to what other servers announce, as the kernel has them. Asked for, and not kept: there may be a million. */
export async function learnedRoutes(
  host: Pick<Host, "run">,
  families: readonly Family[],
): Promise<AgedRoute[]> {
  const times = new Map<string, number>();
  await lines(host, birdRouteTimes, (line) => {
    const time = birdTimeIn(line);
    if (time !== null) times.set(time.destination, time.since);
  }).catch(() => undefined);
  const routes: AgedRoute[] = [];
  for (const family of families)
    await lines(host, ["ip", ...listLearnedRoutes(family)], (line) => {
      const route = learnedRouteIn(line);
      if (route !== null) routes.push({ ...route, since: times.get(route.destination) ?? null });
    });
  return routes;
}

async function lines(
  host: Pick<Host, "run">,
  command: readonly string[],
  read: (line: string) => void,
): Promise<void> {
  let rest = "";
  const take = (piece: string): void => {
    const all = (rest + piece).split("\n");
    rest = all.pop() ?? "";
    for (const line of all) read(line);
  };
  await host.run(command, { take });
}
