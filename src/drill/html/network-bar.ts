import type { Cluster } from "../../topology/cluster.js";
import { machineBox } from "./machine-box.js";
import { element, type Markup } from "./markup.js";
import { cross, fitting, ink, line, rect, text, widthOf } from "./svg.js";
import { isStruck, type Marks, type Measures, type Row } from "./topology-measures.js";

interface Span {
  readonly width: number;
  /** Right of the nodes. */
  readonly serversAt: number;
}

/** A network with its name, the virtual IPs that stand on it, and the servers that hang from it. */
export function networkBar(
  cluster: Cluster,
  { bar, y }: Row,
  { width, serversAt }: Span,
  marks: Marks,
  measures: Measures,
): Markup[] {
  const { small, label, server, stem } = measures;
  const { network, hanging, more } = bar;
  const thick = small ? 3 : 4;
  const boxes = hanging.map(({ name, address }, index) => ({
    ...{ name, address, x: serversAt + index * (server.width + server.gap) },
  }));
  const top = y + stem * 0.7;
  const restAt = serversAt + boxes.length * (server.width + server.gap);
  return [
    ...boxes.flatMap(({ name, address, x }) => [
      line(x + server.width / 2, y, x + server.width / 2, top, { stroke: "#6b757e", "stroke-width": 1.2 }),
      ...machineBox(
        cluster,
        { name, detail: small ? "" : address },
        { x, y: top, width: server.width, height: server.height },
        { struck: isStruck(marks, name), node: false },
        measures,
      ),
    ]),
    ...(more === 0
      ? []
      : [
          text(restAt + 4, top + server.height * 0.6, small ? 10 : 12, `+ ${more} more`, { fill: ink.muted }),
        ]),
    rect(label, y - thick / 2, width - label, thick, {
      rx: thick / 2,
      fill: "#6b757e",
      "fill-opacity": 0.55,
    }),
    text(0, y + 4, small ? 12 : 13, fitting(network.name, small ? 12 : 13, label - 10), {
      "font-weight": 650,
    }),
    ...(isBeset(cluster, network.name, marks) ? [cross(label + 12, y, small ? 7 : 9)] : []),
    ...(small ? [] : details(bar.network, y)),
    ...(small ? [] : pills(cluster, network.name, serversAt, y)),
  ];
}

/** Somebody on it is at work who is no node. */
const isBeset = ({ nodes }: Cluster, network: string, { struck }: Marks): boolean =>
  struck.some((each) => each.network === network && nodes.every(({ name }) => name !== each.machine));

const details = ({ cidrs, virtualRouterId }: Row["bar"]["network"], y: number): Markup[] =>
  [
    ...cidrs.map(({ address, prefix }) => `${address}/${prefix}`),
    ...(virtualRouterId === null ? [] : [`VRID ${virtualRouterId}`]),
  ].map((words, index) => text(0, y + 19 + index * 13, 10.5, words, { fill: ink.muted }));

/** Above the bar, beside each other: they stand on one of the nodes, together. */
function pills({ virtualIps }: Cluster, network: string, from: number, y: number): Markup[] {
  let x = from;
  return virtualIps
    .filter((each) => each.network === network)
    .map(({ name, addresses }) => {
      const words = `${name}  ${addresses.map(({ address }) => address).join("  ")}`;
      const width = widthOf(words, 11.5) + 18;
      const own = element(
        "g",
        { class: "virtual-ip" },
        rect(x, y - 30, width, 21, { rx: 10.5, fill: "#fff", stroke: ink.text, "stroke-width": 1.3 }),
        line(x + 16, y - 9, x + 16, y, { stroke: ink.text, "stroke-width": 1.3 }),
        text(x + width / 2, y - 15.5, 11.5, words, { "text-anchor": "middle", "font-weight": 600 }),
      );
      x += width + 10;
      return own;
    });
}
