import type { Cluster, Node } from "../topology/cluster.js";
import { vrrpNetworks } from "../topology/select.js";
import { type Finding, findingsOf } from "./finding.js";
import { booleanIn, readIni } from "./ini.js";

/** A device as systemd-networkd keeps it. */
export interface NetworkdLink {
  readonly device: string;
  /** The .network file that it uses. */
  readonly file: string;
  /** That file, then its drop-ins, in the order in which they count. */
  readonly texts: readonly string[];
}

export interface Networkd {
  /** The devices of the topology that it manages. */
  readonly links: readonly NetworkdLink[];
  /** networkd.conf, then its drop-ins. */
  readonly conf: readonly string[];
}

/**
 * /run/systemd/netif/links/INDEX (sd-network(3)): the files of a device that networkd manages; null of any other.
 */
export function networkdFiles(state: string): { file: string; dropIns: string[] } | null {
  const value = (key: string): string =>
    new RegExp(`^${key}=(.*)$`, "m").exec(state)?.[1]?.replace(/^"|"$/g, "") ?? "";
  const file = value("NETWORK_FILE");
  if (file === "" || value("ADMIN_STATE") === "unmanaged") return null;
  // A list in words of which a colon or blanks separate paths, by version.
  const dropIns = value("NETWORK_FILE_DROPINS").split(/[\s:]+/);
  return { file, dropIns: dropIns.filter((path) => path.startsWith("/")) };
}

const { ok, warning, error } = findingsOf("managers");

/** Not networkctl(1), reload: that has it forget the rules and routes that stand there, and reads no networkd.conf. */
const restart = "systemctl restart systemd-networkd";

/** Whether systemd-networkd would take away what it did not put there, when it starts anew or a carrier comes back. */
export function networkd(cluster: Cluster, node: Node, { links, conf }: Networkd): Finding[] {
  if (links.length === 0) return [];
  const found = [
    ...links.flatMap((link) => keepsAddresses(cluster, node, link)),
    ...keepsRoutes(cluster, conf),
  ];
  if (found.length > 0) return found;
  return [ok("systemd-networkd", `it manages ${names(links)} and leaves foreign addresses and routes alone`)];
}

function keepsAddresses(cluster: Cluster, node: Node, { device, file, texts }: NetworkdLink): Finding[] {
  const face = node.interfaces.find((each) => each.device === device);
  const carries = vrrpNetworks(cluster).some(({ name }) => name === face?.network);
  if (!carries) return [];
  const keep = readIni(texts).get("Network.KeepConfiguration");
  // systemd.network(5): `static` keeps addresses that nobody leased, `yes` keeps all.
  if (keep === "static" || booleanIn(keep) === true) return [];
  const dropIn = `/etc/systemd/network/${file.slice(file.lastIndexOf("/") + 1)}.d/50-virtual-ips.conf`;
  return [
    error(
      `${device}: ${file}`,
      `systemd-networkd manages ${device} with KeepConfiguration=${keep ?? "no (its default)"}: whenever it starts anew, as in an upgrade, or takes up a changed file, the virtual IPs go`,
      `write "[Network]" and "KeepConfiguration=static" into ${dropIn}, then ${restart}`,
    ),
  ];
}

function keepsRoutes(cluster: Cluster, conf: readonly string[]): Finding[] {
  const ini = readIni(conf);
  const removes = (key: string): boolean => booleanIn(ini.get(`Network.${key}`)) !== false;
  const cure = (key: string) =>
    `write "[Network]" and "${key}=no" into /etc/systemd/networkd.conf.d/50-virtual-ips.conf, then ${restart}`;
  const [routes, rules] = ["ManageForeignRoutes", "ManageForeignRoutingPolicyRules"];
  const foreign = (what: string, key: string): string =>
    `systemd-networkd removes ${what} that are not its own (${key})`;
  return [
    ...(cluster.routes.length > 0 && removes(routes)
      ? [error("networkd.conf", `${foreign("routes", routes)}: the topology's go with them`, cure(routes))]
      : []),
    ...(removes(rules) ? [wayBack(cluster, foreign("rules", rules), cure(rules))] : []),
  ];
}

/** It stands on every node, whether a service needs it by now or not (render/boot.ts). */
function wayBack(cluster: Cluster, found: string, cure: string): Finding {
  if (cluster.services.some((service) => service.transparent))
    return error("networkd.conf", `${found}: the way back of transparent sessions goes with them`, cure);
  return warning(
    "networkd.conf",
    `${found}: no service needs the one that is holdfast's, but status will say that it is missing`,
    cure,
  );
}

const names = (links: readonly NetworkdLink[]): string => links.map(({ device }) => device).join(", ");
