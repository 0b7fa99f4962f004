import type { Prefix } from "../topology/address.js";
import type { Cluster } from "../topology/cluster.js";
import { ip } from "../topology/cluster-addresses.js";
import { virtualIpNamed } from "../topology/select.js";
import type { Cable, SwitchPlan } from "./layout-plan.js";
import type { RouterPlan } from "./layout-routers.js";

/** Where the switches' control links go, and the controller that they are configured with. */
export interface ControlPlane {
  readonly segments: readonly string[];
  readonly controller: { readonly address: string; readonly port: number };
}

/**
 * Switches stand behind the router where there is one, and know the captured address; else on the network of the
 * controller IP. Null without an OpenFlow service: nothing would answer them.
 */
export function controlPlane(cluster: Cluster, routers: readonly RouterPlan[]): ControlPlane | null {
  const service = cluster.services.find(({ healthCheck }) => healthCheck.type === "openflow");
  if (service === undefined) return null;
  const virtualIp = virtualIpNamed(cluster, service.listen.virtualIp);
  const [announced] = virtualIp.addresses;
  if (announced === undefined) return null;
  const direct = { address: announced.address, port: service.listen.port };
  const captured = cluster.nat.destination.find((rule) => rule.service === service.name);
  const network = captured?.inbound ?? virtualIp.network;
  const controller = captured === undefined ? direct : { address: captured.address, port: captured.port };
  const { family } = ip(controller.address);
  const behind = (routers.find((router) => router.network === network)?.behind ?? []).filter((subnet) =>
    subnet.some((prefix) => prefix.family === family),
  );
  if (behind.length === 0) return { segments: [virtualIp.network], controller: direct };
  return { segments: behind.map(segmentName), controller };
}

/** A subnet behind a router is named by its first prefix, which no network's name can be. */
export const segmentName = (subnet: readonly Prefix[]): string => subnet.map(({ text }) => text)[0] ?? "";

export interface DataPlane {
  readonly cables: readonly Cable[];
  readonly switches: readonly SwitchPlan[];
}

/** host-1 -- switch-1 -- switch-2 -- host-2 ...: a chain, so that no loop needs a spanning tree. */
export function dataPlane(
  pairs: readonly { readonly machine: string; readonly host: string }[],
  subnet: Prefix,
  controller: ControlPlane["controller"],
): DataPlane {
  const addressOf = (index: number) => `${subnet.address.replace(/0$/, "")}${index + 1}`;
  const last = pairs.length - 1;
  const bare = (machine: string, device: string) => ({ machine, device, addresses: [] });
  const toHosts = pairs.map(
    ({ machine, host }, index): Cable => [
      bare(machine, "to-host"),
      {
        machine: host,
        device: "eth1",
        addresses: [{ family: 4, address: addressOf(index), prefix: subnet.prefix }],
      },
    ],
  );
  const chain = pairs.slice(0, -1).flatMap(({ machine }, index): Cable[] => {
    const next = pairs[index + 1];
    return next === undefined ? [] : [[bare(machine, "to-next"), bare(next.machine, "to-previous")]];
  });
  const switches = pairs.map(({ machine, host }, index) => ({
    machine,
    controller,
    devices: ["to-host", ...(index > 0 ? ["to-previous"] : []), ...(index < last ? ["to-next"] : [])],
    host: { machine: host, address: addressOf(index) },
  }));
  return { cables: [...toHosts, ...chain], switches };
}
