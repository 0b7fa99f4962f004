import type { Cluster, Node } from "../../topology/cluster.js";
import { type Mark, machineBox, type Place } from "./machine-box.js";
import type { Markup } from "./markup.js";
import { networkBar } from "./network-bar.js";
import { stems } from "./node-stems.js";
import { picture } from "./svg.js";
import { isStruck, type Marks, type Measures, type Row } from "./topology-measures.js";
import { type Bar, barsOf } from "./topology-plan.js";
import { vpnPicture } from "./vpn-picture.js";

/** Networks as bars, nodes between them, servers hanging from theirs. */
export function topologyPicture(cluster: Cluster, marks: Marks, measures: Measures): Markup {
  if (cluster.nodes.length === 0) return vpnPicture(cluster, marks, measures);
  const bars = barsOf(
    cluster,
    marks.struck.flatMap(({ machine }) => machine ?? []),
    measures.servers,
  );
  const { label, node, server } = measures;
  const serversAt = label + cluster.nodes.length * (node.width + node.gap) + node.gap / 2;
  const most = Math.max(
    measures.small ? 1 : 3,
    ...bars.map(({ hanging, more }) => hanging.length + Math.min(1, more)),
  );
  const width = serversAt + most * (server.width + server.gap);
  const { rows, nodesAt, height } = stacked(bars, cluster, measures);
  const places = cluster.nodes.map((each, index) => ({
    node: each,
    place: { x: label + node.gap / 2 + index * (node.width + node.gap), y: nodesAt, ...node },
  }));
  return picture(
    measures.small ? "topology small" : "topology",
    `Topology of ${cluster.name}`,
    { width, height },
    ...places.flatMap(({ node: each, place }) => stems(each, place, rows, marks, measures)),
    ...rows.flatMap((row) => networkBar(cluster, row, { width, serversAt }, marks, measures)),
    ...places.flatMap(({ node: each, place }) => nodeBox(cluster, each, place, marks, measures)),
  );
}

/** From top to bottom: each bar has the room that its virtual IPs need above it, and what hangs from it below. */
function stacked(
  bars: readonly Bar[],
  { virtualIps }: Cluster,
  { stem, pill, server, node, small: isSmall }: Measures,
): { rows: Row[]; nodesAt: number; height: number } {
  const rows: Row[] = [];
  let y = isSmall ? 10 : 16;
  let nodesAt: number | null = null;
  const placeNodes = (): void => {
    nodesAt = y + stem;
    y = nodesAt + node.height + stem;
  };
  const last = bars.findLastIndex(({ above }) => above);
  for (const [index, bar] of bars.entries()) {
    if (virtualIps.some(({ network }) => network === bar.network.name)) y += pill;
    rows.push({ bar, y });
    const hangs = bar.hanging.length > 0 ? stem * 0.7 + server.height : 0;
    const before = y;
    if (index === last) placeNodes();
    y = Math.max(y, before + hangs + stem * 0.8, before + (isSmall ? 24 : 50));
  }
  if (nodesAt === null) placeNodes();
  return { rows, nodesAt: nodesAt ?? 0, height: y + 2 };
}

function nodeBox(cluster: Cluster, { name }: Node, place: Place, marks: Marks, measures: Measures): Markup[] {
  const isActive = marks.active === name;
  const mark: Mark = { struck: isStruck(marks, name), node: true };
  return machineBox(cluster, { name, detail: isActive ? "active" : "" }, place, mark, measures);
}
