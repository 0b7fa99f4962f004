import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Host } from "../../host/host.js";
import { announcement } from "../../packet/announcement.js";
import type { Cluster, Node } from "../../topology/cluster.js";
import { interfaceOn, virtualIpsOn } from "../../topology/select.js";

const program = fileURLToPath(new URL("../../../programs/send-frames.pl", import.meta.url));

/** A frame may be lost: so many times, and milliseconds between. */
const times = 2;
const between = 300;

/**
 * Tells everybody on these networks that their virtual IPs are on this node. keepalived does so as it takes over, as another
 * owner's advert arrives, and then every ten seconds (vrrp_garp_master_refresh): after two owners that heard none of each
 * other, switches would go on asking the one that left until then. Rejects with why not.
 *
 * @param owns whether this node still is the owner: what it no longer has it does not announce
 */
export async function announce(
  host: Host,
  cluster: Cluster,
  node: Node,
  networks: readonly string[],
  owns: (network: string) => boolean,
): Promise<void> {
  const lines = await Promise.all(networks.map((network) => framesOf(host, cluster, node, network)));
  for (let time = 1; time <= times; time += 1) {
    const stdin = lines.flatMap((frames, index) => (owns(networks[index] ?? "") ? frames : [])).join("");
    if (stdin === "") return;
    const { exitCode, stderr } = await host.run(["perl", program, "1", "0"], { stdin });
    if (exitCode !== 0) throw new Error(stderr.trim());
    if (time < times) await sleep(between);
  }
}

/** As send-frames.pl reads them. */
async function framesOf(host: Host, cluster: Cluster, node: Node, network: string): Promise<string[]> {
  const device = interfaceOn(node, network)?.device ?? "";
  const [{ stdout }, forwarding] = await Promise.all([
    host.run(["ip", "-json", "link", "show", "dev", device]),
    host.read(`/proc/sys/net/ipv6/conf/${device}/forwarding`),
  ]);
  const [link] = JSON.parse(stdout || "[]") as { readonly ifindex: number; readonly address?: string }[];
  const routes = forwarding?.trim() !== "0";
  return virtualIpsOn(cluster, network).flatMap(({ addresses }) =>
    addresses.flatMap(({ family, address }) => {
      const frame = link && announcement(family, address, link.address ?? "", routes);
      return frame ? [`${link.ifindex} ${frame.toString("hex")}\n`] : [];
    }),
  );
}
