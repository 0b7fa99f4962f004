import type { LivePicture } from "../../api/live.js";
import type { Cluster, Network } from "../../topology/cluster.js";
import type { State } from "./state.js";

/** Pixels. Everything has its middle at `x`. */
export interface Box {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly name: string;
  /** A word below the name, where there is room. */
  readonly detail: string;
  readonly health: "good" | "warning" | "bad" | "unknown";
  readonly kind: "node" | "server" | "around";
}

export interface Bar {
  readonly name: string;
  readonly detail: string;
  readonly y: number;
}

/** A link; `live` where the node at its end holds the virtual IPs of that network. */
export interface Stem {
  readonly key: string;
  readonly x: number;
  readonly from: number;
  readonly to: number;
  readonly live: boolean;
}

/** A virtual IP where it is; there are several where several nodes say that they have it. */
export interface Pill {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly name: string;
  readonly address: string;
  readonly state: "owned" | "contested" | "lost";
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly bars: readonly Bar[];
  readonly stems: readonly Stem[];
  readonly pills: readonly Pill[];
}

const gap = 10;
const nodeHeight = 46;
const pillHeight = 22;
const barRoom = 30;

/** How wide one of so many is that stand beside each other, at least so wide that a short name can be read. */
const share = (width: number, count: number, most: number): number =>
  Math.max(36, Math.min(most, (width - gap * (count + 1)) / Math.max(1, count)));

/**
 * The topology as it is, from the switches down to the servers, in a given width. Pure.
 *
 * @param cluster with at least one node
 */
export function drawingOf(
  cluster: Cluster,
  state: Pick<State, "owners" | "picture">,
  width: number,
): Drawing {
  const { nodes } = cluster;
  const each = share(width, nodes.length, 150);
  const step = (width - gap) / nodes.length;
  const middleOf = (index: number) => gap / 2 + step * (index + 0.5);
  const [above, below] = sides(cluster);
  const boxes: Box[] = [];
  const bars: Bar[] = [];
  const rows: { readonly network: Network; readonly y: number }[] = [];
  const pills: Pill[] = [];
  let y = gap;

  const place = (box: Omit<Box, "y" | "height">, height: number) => void boxes.push({ ...box, y, height });
  for (const [index, { name, detail }] of around(cluster).entries())
    place(
      {
        ...{ key: `around ${name}`, x: width / 2 + (index - (around(cluster).length - 1) / 2) * 170 },
        ...{ width: Math.min(160, width - 20), name, detail, health: "unknown", kind: "around" },
      },
      34,
    );
  y += 34 + barRoom;
  const bar = (network: Network, atNodes: "below" | "above") => {
    const own = cluster.virtualIps.filter((each) => each.network === network.name);
    const room = own.length * (pillHeight + 4);
    if (atNodes === "above") y += room + barRoom;
    bars.push({
      name: network.name,
      detail: network.cidrs.map(({ address, prefix }) => `${address}/${prefix}`).join(" "),
      y,
    });
    rows.push({ network, y });
    for (const [index, { name, addresses }] of own.entries()) {
      const at =
        atNodes === "below" ? y + 8 + index * (pillHeight + 4) : y - room - 4 + index * (pillHeight + 4);
      pills.push(
        ...pillsOf(
          name,
          addresses.map(({ address }) => address),
          ownersOn(state, network.name, addresses[0]?.address ?? ""),
          at,
        ),
      );
    }
    if (atNodes === "below") y += room + barRoom;
  };
  const pillsOf = (
    name: string,
    addresses: readonly string[],
    owners: readonly string[],
    at: number,
  ): Pill[] => {
    const indices = owners
      .map((owner) => nodes.findIndex((node) => node.name === owner))
      .filter((index) => index >= 0);
    const base = { y: at, width: Math.min(step - 4, 190), name, address: addresses.join(" ") };
    if (indices.length === 0) return [{ ...base, key: `${name} 0`, x: width / 2, state: "lost" }];
    // The first keeps its key wherever it goes: so it is seen moving.
    return indices.map((index, which) => ({
      ...{ ...base, key: `${name} ${which}`, x: middleOf(index) },
      state: indices.length > 1 ? "contested" : "owned",
    }));
  };

  for (const network of above) bar(network, "below");
  const nodesAt = y;
  for (const [index, node] of nodes.entries())
    place(
      {
        key: `node ${node.name}`,
        x: middleOf(index),
        width: each,
        name: node.name,
        kind: "node",
        ...standing(state.picture, node.name),
      },
      nodeHeight,
    );
  y += nodeHeight;
  for (const network of below) bar(network, "above");
  const stems = nodes.flatMap((node, index) => {
    const own = rows.filter(({ network }) => node.interfaces.some((each) => each.network === network.name));
    return own.map(({ network, y: at }, which) => ({
      key: `${node.name} ${network.name}`,
      x: middleOf(index) + (which - (own.length - 1) / 2) * Math.min(14, each / Math.max(2, own.length)),
      from: at < nodesAt ? at : nodesAt + nodeHeight,
      to: Math.max(at, nodesAt),
      live: ownersOn(state, network.name, "").includes(node.name),
    }));
  });
  y += 16;
  y = servers(cluster, state.picture, width, y, boxes);
  return { width, height: y + gap, boxes, bars, stems, pills };
}

/** Networks of clients above the nodes, all others below. */
function sides({ networks, services, virtualIps }: Cluster): [Network[], Network[]] {
  const entrances = new Set(
    services.flatMap(({ listen }) =>
      virtualIps.flatMap(({ name, network }) => (name === listen.virtualIp ? network : [])),
    ),
  );
  const isAbove = ({ name }: Network, index: number) =>
    entrances.size > 0 ? entrances.has(name) : index === 0;
  return [
    networks.filter((each, index) => isAbove(each, index)),
    networks.filter((each, index) => !isAbove(each, index)),
  ];
}

/** Who speaks to the virtual IPs. */
function around({ routes }: Cluster): { readonly name: string; readonly detail: string }[] {
  const [route] = routes;
  return route
    ? [{ name: "router", detail: `switches behind ${route.via}` }]
    : [{ name: "switches", detail: "" }];
}

/** The word of the node that serves the page; of a network without VRRP, of whoever has the address. */
function ownersOn(
  { owners, picture }: Pick<State, "owners" | "picture">,
  network: string,
  address: string,
): readonly string[] {
  const said = owners?.networks[network];
  if (said !== undefined) return said;
  return picture?.virtual_ips.find((each) => each.address === address)?.owners ?? [];
}

function standing(picture: LivePicture | null, name: string): Pick<Box, "detail" | "health"> {
  const node = picture?.nodes.find((each) => each.name === name);
  if (node === undefined) return { detail: "", health: "unknown" };
  const health = node.healthy ? "good" : node.role === "maintenance" ? "warning" : "bad";
  return { detail: node.role, health };
}

/** Labelled where they are few, small squares where they are many. Returns where the picture goes on. */
function servers(
  cluster: Cluster,
  picture: LivePicture | null,
  width: number,
  from: number,
  boxes: Box[],
): number {
  let y = from;
  for (const service of cluster.services) {
    const seen = picture?.services.find(({ name }) => name === service.name);
    const shown = seen?.servers.map(({ name, up, draining }) => ({ name, up, draining })) ?? [];
    const known =
      shown.length > 0 ? shown : service.servers.map(({ name }) => ({ name, up: null, draining: false }));
    const many = known.length > 16;
    const [wide, high] = many
      ? [16, 16]
      : [Math.min(84, Math.max(48, (width - gap) / Math.min(known.length, 8) - 6)), 30];
    const inRow = Math.max(1, Math.floor((width - gap) / (wide + 6)));
    for (const [index, { name, up, draining }] of known.entries())
      boxes.push({
        ...{ key: `server ${service.name} ${name}`, kind: "server", name: many ? "" : name },
        x: gap / 2 + (index % inRow) * (wide + 6) + wide / 2 + 3,
        y: y + Math.floor(index / inRow) * (high + 6),
        ...{
          width: wide,
          height: high,
          detail: `${name} of ${service.name} ${draining ? "drains" : up === null ? "" : up ? "up" : "down"}`,
        },
        health: up === null ? "unknown" : draining ? "warning" : up ? "good" : "bad",
      });
    y += Math.ceil(known.length / inRow) * (high + 6) + 6;
  }
  return y;
}
