import { fileURLToPath } from "node:url";
import type { Host } from "../../host/host.js";
import { announcement } from "../../packet/announcement.js";
import type { Cluster, Node } from "../../topology/cluster.js";
import { interfaceOn, virtualIpsOn } from "../../topology/select.js";

const program = fileURLToPath(new URL("../../../programs/send-frames.pl", import.meta.url));

/** Twice, as a frame may be lost; milliseconds between. */
const times = 2;
const between = 300;

/**
 * Tells everybody on these networks that their virtual IPs are on this node. keepalived does so as it takes over, and as
 * another owner's advert arrives: after two owners that heard none of each other, nothing else would. Rejects with why not.
 */
export async function announce(
  host: Host,
  cluster: Cluster,
  node: Node,
  networks: readonly string[],
): Promise<void> {
  const frames: string[] = [];
  for (const network of networks) {
    const device = interfaceOn(node, network)?.device ?? "";
    const { stdout } = await host.run(["ip", "-json", "link", "show", "dev", device]);
    const [link] = JSON.parse(stdout || "[]") as { readonly ifindex: number; readonly address?: string }[];
    for (const { family, address } of virtualIpsOn(cluster, network).flatMap((ip) => ip.addresses)) {
      const frame = link && announcement(family, address, link.address ?? "");
      if (frame) frames.push(`${link.ifindex} ${frame.toString("hex")}\n`);
    }
  }
  if (frames.length === 0) return;
  const argv = ["perl", program, String(times), String(between)];
  const { exitCode, stderr } = await host.run(argv, { stdin: frames.join("") });
  if (exitCode !== 0) throw new Error(stderr.trim());
}
