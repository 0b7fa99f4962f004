import type { Pool } from "../haproxy/proxy.js";
import type { DestinationTranslation } from "../netfilter/translations.js";

/** Rules for one address and port, which share its sessions out. */
export interface Spread {
  readonly first: DestinationTranslation;
  /** `10.0.2.11 6653`, each once. */
  readonly targets: readonly string[];
  readonly share: DestinationTranslation["share"];
}

export function spreadsOf(destinations: readonly DestinationTranslation[]): Spread[] {
  const groups = new Map<string, DestinationTranslation[]>();
  for (const each of destinations) {
    const key = `${each.address.text} ${each.port} ${each.device ?? ""}`;
    const others = groups.get(key);
    if (others === undefined) groups.set(key, [each]);
    else others.push(each);
  }
  return [...groups.values()].flatMap((group): Spread[] => {
    const [first] = group;
    if (first === undefined) return [];
    const targets = [...new Set(group.map(({ to, toPort }) => `${to.text} ${toPort}`))];
    const share = group.find((each) => each.share !== "all")?.share ?? "all";
    return [{ first, targets, share }];
  });
}

/** The pool that has all of these servers. */
export const poolOf = (targets: readonly string[], pools: readonly Pool[]): Pool | undefined =>
  pools.find(({ servers }) => {
    const there = servers.map(({ ip, port }) => `${ip.text} ${port ?? ""}`);
    return targets.every((target) => there.includes(target));
  });
