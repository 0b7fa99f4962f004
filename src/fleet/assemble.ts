import { elsewhere } from "../api/api-error.js";
import type { Cluster } from "../topology/cluster.js";
import { machineNames } from "../topology/machines.js";
import { outOfService } from "./maintenance.js";
import { meetAll } from "./maintenance-round.js";
import type { Member } from "./member.js";
import type { OfficeParts } from "./office-parts.js";
import type { LeftOut, Wanted } from "./plan.js";
import { Refusal } from "./refusal.js";

const reasonFor = (node: string, without: readonly string[]): LeftOut["why"] =>
  without.includes(node) ? "left out" : "in maintenance";

/** What is to run, and everybody who takes part in bringing it about. */
export interface Assembled {
  readonly wanted: Wanted;
  /** In the topology's order, this node among them. */
  readonly members: readonly Member[];
  /** Nodes of the topology that are left out, sorted. */
  readonly without: readonly LeftOut[];
}

/** @throws Refusal, or a TopologyError */
export async function assemble(
  parts: OfficeParts,
  topology: string,
  without: readonly string[],
): Promise<Assembled> {
  const current = parts.cluster();
  // They render at the same time as this node. Whatever is wrong with that, their plans will say.
  for (const peer of current === null ? [] : parts.peers([current]))
    void peer.render(topology).catch(() => undefined);
  const rendered = await parts.render(topology);
  const { cluster } = rendered;
  refuseStrangers(parts, cluster, without);
  const peers = parts.peers(current === null ? [cluster] : [cluster, current]);
  const left = () => new Set([...without, ...outOfService(parts.book.notes)]);
  // Somebody may have heard what this node has not: that a node is out of service, or back in it.
  await meetAll(
    parts.book,
    peers.filter(({ node }) => !left().has(node)),
  );
  const away = left();
  const names = machineNames(cluster);
  refuseAway(parts.own.node, names, without, away);
  const byName = new Map(peers.map((peer) => [peer.node, peer]));
  const present = names.filter((name) => !away.has(name));
  return {
    wanted: { topology, rendered },
    members: present.flatMap((name) => (name === parts.own.node ? parts.own : (byName.get(name) ?? []))),
    without: names
      .flatMap((name) => (away.has(name) ? { node: name, why: reasonFor(name, without) } : []))
      .sort((a, b) => (a.node < b.node ? -1 : 1)),
  };
}

/** The coordinator takes part itself: its vote is on its own disk. */
function refuseAway(
  own: string,
  names: readonly string[],
  without: readonly string[],
  away: ReadonlySet<string>,
): void {
  const why = (node: string) => `${node} is ${reasonFor(node, without)}`;
  if (names.every((name) => away.has(name)))
    throw new Refusal(
      `no node takes part: ${names.map(why).join(", ")}; 'holdfast maintenance off NODE' puts one back into service`,
    );
  if (away.has(own)) throw new Refusal(`${why(own)}: ask the agent of another node`, elsewhere);
}

function refuseStrangers({ clusterName }: OfficeParts, cluster: Cluster, without: readonly string[]): void {
  if (cluster.name !== clusterName)
    throw new Refusal(`this topology is of cluster ${cluster.name}; this agent serves ${clusterName}`);
  const names = machineNames(cluster);
  const unknown = without.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Refusal(`there is no node ${unknown} to leave out; the nodes are ${names.join(", ")}`);
}
