import type { Running } from "./generations.js";
import type { WireEvent } from "./wire.js";

/** A network's virtual IPs belong to this machine. */
export interface Owner {
  readonly machine: string;
  readonly mac: string;
}

/** Who said that he has a virtual IP although another one owns it: sentences, each once. */
export function answersBeside(
  events: readonly WireEvent[],
  addresses: readonly string[],
  owner: Owner,
  names: ReadonlyMap<string, string>,
): string[] {
  const told = events.flatMap((event) =>
    event.kind === "advert" || event.mac === owner.mac || !addresses.includes(event.address)
      ? []
      : [
          `${names.get(event.mac) ?? event.mac} says that it has ${event.address}, which ${owner.machine} owns`,
        ],
  );
  return [...new Set(told)];
}

/** A change that some took and some did not, while what kept them from it stands: a sentence. A node that is off runs nothing. */
export function mixed(states: readonly Running[]): string[] {
  const running = states.flatMap(({ name, generation }) => (generation ? [{ name, ...generation }] : []));
  if (new Set(running.map(({ digest }) => digest)).size <= 1) return [];
  const each = running.map(({ name, number, digest }) => `${name} runs ${number} (${digest.slice(0, 6)})`);
  return [`the nodes run different generations: ${each.join(", ")}`];
}
