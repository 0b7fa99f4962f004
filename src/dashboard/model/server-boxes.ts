import type { LivePicture } from "../../api/live.js";
import type { Cluster, Service } from "../../topology/cluster.js";
import { type Box, type Label, measures } from "./shapes.js";

/** From so many servers of a service on each is a square without a name. */
const many = 16;

/** What hangs from the lowest network: a line a service, or several; and its master controller. Returns where it ends. */
export function serverBoxes(
  cluster: Cluster,
  picture: LivePicture | null,
  width: number,
  from: number,
): { readonly boxes: readonly Box[]; readonly labels: readonly Label[]; readonly end: number } {
  const boxes: Box[] = [];
  const labels: Label[] = [];
  let y = from;
  for (const service of cluster.services) {
    const { name, listen, mode, mirror } = service;
    labels.push({
      key: `service ${name}`,
      x: measures.gap / 2,
      y: y + 14,
      text: `${name} :${listen.port} ${mode}`,
    });
    y += 20;
    const own = ofService(service, picture, width, y);
    boxes.push(...own);
    y = Math.max(y, ...own.map((box) => box.y + box.height)) + 6;
    if (mirror === null) continue;
    const seen = picture?.services.find((each) => each.name === name)?.mirror ?? null;
    boxes.push(masterBox(name, mirror.to.name, seen, y));
    y += measures.around + 6;
  }
  return { boxes, labels, end: y };
}

function ofService(
  { name, servers }: Service,
  picture: LivePicture | null,
  width: number,
  from: number,
): Box[] {
  const seen = picture?.services.find((each) => each.name === name)?.servers ?? [];
  const known =
    seen.length > 0 ? seen : servers.map((server) => ({ name: server.name, up: null, draining: false }));
  const small = known.length > many;
  const [wide, high] = small
    ? [16, 16]
    : [Math.min(96, (width - measures.gap) / Math.min(known.length, 6) - 6), 30];
  const inRow = Math.max(1, Math.floor((width - measures.gap) / (wide + 6)));
  return known.map(({ name: server, up, draining }, index) => {
    const word = draining ? "drains" : up === null ? "" : up ? "up" : "down";
    return {
      ...{ key: `server ${name} ${server}`, kind: "server", width: wide, height: high, detail: "" },
      x: measures.gap / 2 + (index % inRow) * (wide + 6) + wide / 2,
      y: from + Math.floor(index / inRow) * (high + 6),
      name: small ? "" : server,
      title: `${server} of ${name} ${word}`,
      health: up === null ? "unknown" : draining ? "warning" : up ? "good" : "bad",
    };
  });
}

type SeenMirror = LivePicture["services"][number]["mirror"];

const masterBox = (service: string, to: string, seen: SeenMirror, y: number): Box => ({
  ...{
    key: `mirror ${service}`,
    kind: "mirror",
    x: 90 + measures.gap / 2,
    y,
    width: 180,
    height: measures.around,
  },
  name: `copy to ${to}`,
  detail: "",
  title: `mirror of ${service}${seen === null ? "" : `: ${seen.connected} of ${seen.switches} switches`}${seen?.why ? `; ${seen.why}` : ""}`,
  health: seen === null ? "unknown" : seen.why === null ? "good" : "warning",
});
