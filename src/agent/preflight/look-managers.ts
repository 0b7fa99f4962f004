import type { Host } from "../../host/host.js";
import type { Link } from "../../preflight/devices.js";
import { type Networkd, type NetworkdLink, networkdFiles } from "../../preflight/networkd.js";
import type { OtherManagers } from "../../preflight/other-managers.js";
import type { Node } from "../../topology/cluster.js";
import { outputOf } from "./attempt.js";

type Files = Pick<Host, "read" | "list">;

/** The lower ones count only where the higher ones have no file of that name (systemd.network(5)). */
const places = ["/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd"];

/** What systemd-networkd keeps of the node's devices, by the files as they stand: it reads them when it starts anew. */
export async function lookAtNetworkd(host: Files, node: Node, links: readonly Link[]): Promise<Networkd> {
  const managed: NetworkdLink[] = [];
  for (const { device } of node.interfaces) {
    const index = links.find(({ name }) => name === device)?.index;
    const state = index === undefined ? null : await host.read(`/run/systemd/netif/links/${index}`);
    const files = state === null ? null : networkdFiles(state);
    if (files === null) continue;
    const name = files.file.slice(files.file.lastIndexOf("/") + 1);
    const found = await dropIns(host, `network/${name}.d`, files.dropIns);
    const texts = await textsOf(host, [files.file, ...found]);
    managed.push({ device, file: files.file, texts });
  }
  if (managed.length === 0) return { links: [], conf: [] };
  return { links: managed, conf: await confOf(host) };
}

async function confOf(host: Files): Promise<string[]> {
  const mains = await textsOf(
    host,
    places.map((place) => `${place}/networkd.conf`),
  );
  return [...mains.slice(0, 1), ...(await textsOf(host, await dropIns(host, "networkd.conf.d", [])))];
}

/** By name, whatever directory they are in. */
async function dropIns(host: Files, directory: string, known: readonly string[]): Promise<string[]> {
  const byName = new Map(known.map((path) => [path.slice(path.lastIndexOf("/") + 1), path]));
  for (const place of places.toReversed())
    for (const name of await host.list(`${place}/${directory}`))
      if (name.endsWith(".conf")) byName.set(name, `${place}/${directory}/${name}`);
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
}

const textsOf = async (host: Files, files: readonly string[]): Promise<string[]> =>
  (await Promise.all(files.map((file) => host.read(file)))).flatMap((text) => text ?? []);

export async function lookAtOtherManagers(host: Pick<Host, "run" | "read" | "list">): Promise<OtherManagers> {
  const directory = "/etc/network/interfaces.d";
  const sourced = (await host.list(directory)).map((name) => `${directory}/${name}`);
  const running = (await outputOf(host, ["ps", "-e", "-o", "args="])) ?? "";
  return {
    networkManager: await outputOf(host, ["nmcli", "-t", "-f", "DEVICE,STATE", "device"]),
    interfaces: await textsOf(host, ["/etc/network/interfaces", ...sourced]),
    dhcpClients: running
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([program = ""]) => /(^|\/)(dhclient|dhcpcd|udhcpc):?$/.test(program)),
    dhcpcdConf: (await host.read("/etc/dhcpcd.conf")) ?? "",
  };
}
