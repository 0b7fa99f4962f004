import { spawn } from "node:child_process";
import type { Cluster, Node } from "../../topology/cluster.js";
import { interfaceOn } from "../../topology/select.js";

/** `ip -batch` lines that take every virtual address off the node's interfaces, or those of one network alone. */
export const removalOf = (cluster: Cluster, node: Node, only: string | null = null): string =>
  cluster.virtualIps
    .filter(({ network }) => only === null || network === only)
    .flatMap(({ network, addresses }) => {
      const device = interfaceOn(node, network)?.device;
      if (device === undefined) return [];
      return addresses.map(({ address, prefix }) => `address del ${address}/${prefix} dev ${device}\n`);
    })
    .join("");

/** Runs a prepared removal in one process; an address that is not there is no error. Resolves to milliseconds taken. */
export function removeAddresses(batch: string): Promise<number> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const ip = spawn("ip", ["-force", "-batch", "-"], { stdio: ["pipe", "ignore", "ignore"] });
    ip.on("error", reject);
    ip.on("close", () => resolve(performance.now() - begun));
    ip.stdin.on("error", () => ip.kill());
    ip.stdin.end(batch);
  });
}
