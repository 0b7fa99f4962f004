import type { LivePicture } from "../../api/live.js";
import type { State } from "./state.js";

/** The one thing to know: how loud, and in a few words. */
export interface Verdict {
  readonly level: "good" | "warning" | "bad" | "unknown";
  readonly words: string;
  /** Sentences: what stands behind it. */
  readonly because: readonly string[];
}

/** Who owns the virtual IPs now, by network: the newest word, of whoever serves the page, goes before older ones. */
export const ownersOf = ({ owners, picture }: Pick<State, "owners" | "picture">): readonly string[] => {
  if (owners !== null) return [...new Set(Object.values(owners.networks).flat())].sort();
  return [...new Set((picture?.virtual_ips ?? []).flatMap((each) => each.owners))].sort();
};

/** Pure. */
export function verdictOn(state: State): Verdict {
  const { picture, connected, node } = state;
  if (!connected)
    return { level: "unknown", words: `the agent of ${node || "this node"} does not answer`, because: [] };
  if (picture === null) return { level: "unknown", words: "nothing was applied yet", because: [] };
  const owners = ownersOf(state);
  const troubles = troublesIn(picture);
  if (picture.nodes.length > 0 && owners.length === 0)
    return { level: "bad", words: "nobody is active", because: troubles };
  if (owners.length > 1)
    return { level: "bad", words: `${owners.join(" and ")} both act as owner`, because: troubles };
  const active = owners.length === 1 ? `${owners[0]} is active` : "";
  if (picture.healthy)
    return { level: "good", words: [active, "healthy"].filter(Boolean).join(", "), because: troubles };
  const alone = picture.redundant ? "degraded" : "nobody could take over";
  return { level: "warning", words: [active, alone].filter(Boolean).join(", "), because: troubles };
}

function troublesIn({ remarks, nodes, services, vpn_servers }: LivePicture): string[] {
  return [
    ...remarks,
    ...[...nodes, ...vpn_servers].flatMap(({ name, troubles }) => troubles.map((each) => `${name}: ${each}`)),
    ...nodes.flatMap(({ name, contradicts }) => contradicts.map((each) => `${name} says otherwise: ${each}`)),
    ...services.flatMap(({ name, mirror }) => (mirror?.why ? [`mirror of ${name}: ${mirror.why}`] : [])),
    ...generationsIn(nodes),
  ];
}

function generationsIn(nodes: LivePicture["nodes"]): string[] {
  const running = nodes.flatMap(({ name, generation }) => (generation ? [{ name, ...generation }] : []));
  if (new Set(running.map(({ digest }) => digest)).size <= 1) return [];
  return [`different generations: ${running.map(({ name, number }) => `${number} on ${name}`).join(", ")}`];
}
