import type { LivePicture } from "../../api/live.js";
import type { Cluster, Network, Node } from "../../topology/cluster.js";
import { serverBoxes } from "./server-boxes.js";
import { type Bar, type Box, type Drawing, measures, type Pill } from "./shapes.js";
import type { State } from "./state.js";

type Seen = Pick<State, "owners" | "picture">;

const pillStep = measures.pill + 4;

/**
 * The topology as it is, from the switches down to the servers, in a given width. Pure.
 *
 * @param cluster with at least one node
 */
export function drawingOf(cluster: Cluster, seen: Seen, width: number): Drawing {
  const { nodes } = cluster;
  const [above, below] = sides(cluster);
  const column = (width - measures.gap) / nodes.length;
  const middleOf = (node: number) => measures.gap / 2 + column * (node + 0.5);
  const nodeWidth = Math.max(36, Math.min(150, column - 6));
  const roomFor = (network: Network) => pillsOn(cluster, network).length * pillStep;
  const pills = (network: Network, from: number) =>
    pillsOn(cluster, network).flatMap(({ name, addresses }, index) =>
      pillsOf(
        { name, address: addresses.map(({ address }) => address).join(" "), y: from + index * pillStep },
        ownersOn(seen, network.name, addresses[0]?.address ?? ""),
        nodes,
        { middleOf, width: Math.min(column - 4, 190), centre: width / 2 },
      ),
    );

  const around: Box = {
    ...aroundOf(cluster),
    x: width / 2,
    y: measures.gap,
    width: Math.min(200, width - 20),
  };
  let y = around.y + around.height + measures.bar;
  const bars: (Bar & { readonly network: Network })[] = [];
  const drawn: Pill[] = [];
  for (const network of above) {
    bars.push(barOf(network, y));
    drawn.push(...pills(network, y + 9));
    y += roomFor(network) + measures.bar;
  }
  const nodesAt = y;
  y += measures.node;
  for (const network of below) {
    const room = roomFor(network);
    y += measures.bar + (room === 0 ? 0 : room + measures.words);
    bars.push(barOf(network, y));
    drawn.push(...pills(network, y - room - measures.words));
  }
  const servers = serverBoxes(cluster, seen.picture, width, y + 10);
  const nodeBoxes = nodes.map(
    ({ name }, index): Box => ({
      ...{
        key: `node ${name}`,
        kind: "node",
        x: middleOf(index),
        y: nodesAt,
        width: nodeWidth,
        height: measures.node,
      },
      ...standing(seen.picture, name),
    }),
  );
  const [first] = bars;
  const inlet = {
    key: "inlet",
    x: width / 2,
    from: around.y + around.height,
    to: first?.y ?? 0,
    live: false,
  };
  const stems = nodes.flatMap((node, index) =>
    bars
      .filter(({ network }) => node.interfaces.some((each) => each.network === network.name))
      .map(({ network, y: at }, which, all) => ({
        key: `${node.name} ${network.name}`,
        x: middleOf(index) + (which - (all.length - 1) / 2) * Math.min(16, nodeWidth / (all.length + 1)),
        from: at < nodesAt ? at : nodesAt + measures.node,
        to: Math.max(at, nodesAt),
        live: ownersOn(seen, network.name, "").includes(node.name),
      })),
  );
  return {
    ...{ width, height: servers.end + measures.gap, bars, pills: drawn, labels: servers.labels },
    boxes: [around, ...nodeBoxes, ...servers.boxes],
    stems: [...(first ? [inlet] : []), ...stems],
  };
}

/** Networks of clients above the nodes; below them all others, those with servers nearest to these. */
function sides({ networks, services, virtualIps }: Cluster): [Network[], Network[]] {
  const entrances = new Set(
    services.flatMap(({ listen }) =>
      virtualIps.flatMap(({ name, network }) => (name === listen.virtualIp ? network : [])),
    ),
  );
  const isAbove = ({ name }: Network, index: number) =>
    entrances.size > 0 ? entrances.has(name) : index === 0;
  const below = networks.filter((each, index) => !isAbove(each, index));
  const isServed = ({ virtualRouterId }: Network) => virtualRouterId !== null;
  return [networks.filter(isAbove), [...below.filter((each) => !isServed(each)), ...below.filter(isServed)]];
}

/** Who speaks to the virtual IPs. */
function aroundOf({ routes }: Cluster): Omit<Box, "x" | "y" | "width"> {
  const [route] = routes;
  const detail = route ? `switches behind ${route.via}` : "";
  return {
    ...{
      key: "around",
      kind: "around",
      height: measures.around + (detail === "" ? 0 : 10),
      health: "unknown",
    },
    ...{ name: route ? "router" : "switches", detail, title: route ? `router ${route.via}` : "switches" },
  };
}

const barOf = (network: Network, y: number) => ({
  ...{ network, y, name: network.name },
  detail: network.cidrs.map(({ address, prefix }) => `${address}/${prefix}`).join(" "),
});

const pillsOn = ({ virtualIps }: Cluster, { name }: Network) =>
  virtualIps.filter(({ network }) => network === name);

interface Columns {
  readonly middleOf: (node: number) => number;
  readonly width: number;
  readonly centre: number;
}

/** The first keeps its key wherever it goes: so it is seen moving. */
function pillsOf(
  pill: Pick<Pill, "name" | "address" | "y">,
  owners: readonly string[],
  nodes: readonly Node[],
  { middleOf, width, centre }: Columns,
): Pill[] {
  const places = owners.map((owner) => nodes.findIndex(({ name }) => name === owner)).filter((at) => at >= 0);
  if (places.length === 0) return [{ ...pill, width, key: `${pill.name} 0`, x: centre, state: "lost" }];
  const state = places.length > 1 ? "contested" : "owned";
  return places.map((at, which) => ({
    ...pill,
    width,
    key: `${pill.name} ${which}`,
    x: middleOf(at),
    state,
  }));
}

/** The word of the node that serves the page; of a network without VRRP, of whoever has the address. */
function ownersOn({ owners, picture }: Seen, network: string, address: string): readonly string[] {
  const said = owners?.networks[network];
  if (said !== undefined) return said;
  return picture?.virtual_ips.find((each) => each.address === address)?.owners ?? [];
}

function standing(
  picture: LivePicture | null,
  name: string,
): Pick<Box, "name" | "detail" | "title" | "health"> {
  const node = picture?.nodes.find((each) => each.name === name);
  if (node === undefined) return { name, detail: "", title: name, health: "unknown" };
  const health = node.healthy ? "good" : node.role === "maintenance" ? "warning" : "bad";
  return { name, detail: node.role, title: [`${name} ${node.role}`, ...node.troubles].join("; "), health };
}
