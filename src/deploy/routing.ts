import type { Host } from "../host/host.js";
import { routeCommands } from "../render/boot.js";
import { routeProtocol } from "../render/paths.js";
import type { Cluster } from "../topology/cluster.js";
import { expectSuccess } from "./expect-success.js";
import { parseLinks, parseRoutes, type Routing, routingDifferences, routingInput } from "./kernel-routing.js";

/** Static routes that carry our protocol number, and every link's MTU. */
export async function readRouting(host: Host): Promise<Routing> {
  const ask = async (...args: string[]) => {
    const argv = ["ip", "-json", ...args];
    return expectSuccess(argv, await host.run(argv));
  };
  const [v4, v6, links] = await Promise.all([
    ask("-4", "route", "show", "proto", String(routeProtocol)),
    ask("-6", "route", "show", "proto", String(routeProtocol)),
    ask("link", "show"),
  ]);
  return { routes: [...parseRoutes(v4), ...parseRoutes(v6)], links: parseLinks(links) };
}

/** Loads the file that stands at its place, as at boot, and removes what it does not have. */
export async function loadRouting(host: Host, cluster: Cluster, wanted: Routing): Promise<void> {
  for (const { argv, mayFail } of routeCommands(cluster)) {
    const result = await host.run(argv);
    if (!mayFail) expectSuccess(argv, result);
  }
  await bringRouting(host, wanted);
}

/** Makes the main table's routes of ours, and these links' MTU, what is wanted. */
export async function bringRouting(host: Host, wanted: Routing): Promise<void> {
  const stdin = routingInput(wanted, await readRouting(host), routeProtocol);
  if (stdin === "") return;
  const argv = ["ip", "-batch", "-"];
  expectSuccess(argv, await host.run(argv, { stdin }));
}

/** Takes away the table and the rules that stand beside the main table; one that is not there is no failure. */
export async function forgetRouting(host: Host): Promise<void> {
  const protocol = String(routeProtocol);
  for (const family of ["-4", "-6"]) {
    await host.run(["ip", family, "rule", "flush", "protocol", protocol]);
    await host.run(["ip", family, "route", "flush", "table", protocol]);
  }
}

/** Throws unless the kernel reads back what was wanted. */
export async function confirmRouting(host: Host, wanted: Routing): Promise<void> {
  const [difference] = routingDifferences(wanted, await readRouting(host));
  if (difference !== undefined) throw new Error(`routes did not take: ${difference}`);
}
