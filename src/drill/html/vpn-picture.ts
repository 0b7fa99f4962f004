import type { Cluster, Vpn } from "../../topology/cluster.js";
import { machineBox } from "./machine-box.js";
import { type Markup, nothing } from "./markup.js";
import { ink, line, picture, rect, text } from "./svg.js";
import { isStruck, type Marks, type Measures } from "./topology-measures.js";

/** VPN servers between the Internet, where their clients are, and the tunnels that they have between each other. */
export function vpnPicture({ vpn, name, nodes }: Cluster, marks: Marks, measures: Measures): Markup {
  if (vpn === null) return nothing;
  const { label, node, stem, small } = measures;
  const shown = vpn.servers.slice(0, 6);
  const width = label + shown.length * (node.width + node.gap) + (vpn.servers.length > 6 ? 80 : 20);
  const top = 16;
  const at = top + stem;
  const bottom = at + node.height + stem;
  const boxes = shown.flatMap((server, index) => {
    const x = label + node.gap / 2 + index * (node.width + node.gap);
    const middle = x + node.width / 2;
    const detail = small ? "" : (server.addresses[0]?.address ?? "");
    const stroke = { stroke: "#6b757e", "stroke-width": 1.3 };
    return [
      line(middle, top, middle, at, stroke),
      line(middle, at + node.height, middle, bottom, { ...stroke, "stroke-dasharray": "5 3" }),
      ...machineBox(
        { nodes },
        { name: server.name, detail },
        { x, y: at, width: node.width, height: node.height },
        { struck: isStruck(marks, server.name), node: false },
        measures,
      ),
    ];
  });
  const bar = (y: number, words: string, ...under: readonly string[]): Markup[] => [
    rect(label, y - 2, width - label, 4, { rx: 2, fill: "#6b757e", "fill-opacity": 0.55 }),
    text(0, y + 4, small ? 11 : 13, words, { "font-weight": 650 }),
    ...(small
      ? []
      : under.map((each, index) => text(0, y + 19 + index * 13, 10.5, each, { fill: ink.muted }))),
  ];
  return picture(
    small ? "topology small" : "topology",
    `VPN servers of ${name}`,
    { width, height: bottom + 36 },
    ...boxes,
    ...bar(top, "Internet", clientsOf(vpn)),
    ...bar(bottom, vpn.backbone.device, ...vpn.pool.map(({ address, prefix }) => `${address}/${prefix}`)),
    ...(vpn.servers.length > 6
      ? [text(width - 70, at + node.height / 2, 12, `+ ${vpn.servers.length - 6} more`, { fill: ink.muted })]
      : []),
  );
}

const clientsOf = ({ clients }: Vpn): string =>
  clients.length === 0 ? "clients" : `clients, ${clients.length} of them named`;
