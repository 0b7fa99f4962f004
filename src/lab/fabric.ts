import { ip, must } from "./command.js";
import type { Layout, MachinePlan } from "./layout-plan.js";
import { fabricOf, namespaceOf } from "./names.js";
import {
  addressLines,
  bridgeLines,
  cableEndLines,
  cableLines,
  portLines,
  portsOn,
  segmentOf,
} from "./wiring.js";

/** The namespace that holds a bridge for each segment and one end of every link. */
export async function makeFabric(layout: Layout): Promise<void> {
  const fabric = fabricOf(layout.cluster);
  await must(["ip", "netns", "add", fabric]);
  // The fabric only carries: no address of its own, no word of its own on any segment.
  const silent = ["net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"];
  await must(["nsenter", `--net=/run/netns/${fabric}`, "--", "sysctl", "--quiet", "--write", ...silent]);
  await ip(fabric, layout.segments.flatMap(bridgeLines));
}

/** Plugs a machine that has just booted into its segments. */
export async function plugIn(layout: Layout, machine: MachinePlan): Promise<void> {
  await ip(fabricOf(layout.cluster), portLines(layout, machine));
  await ip(namespaceOf(layout.cluster, machine.name), addressLines(machine));
}

/** Removes the machine's ports; a veth's other end goes with it. Those already gone are no error. */
export const unplug = async ({ cluster }: Layout, { ports }: MachinePlan): Promise<void> => {
  const lines = ports.map(({ name }) => `link delete ${name}\n`).join("");
  if (lines === "") return;
  await must(["ip", "-netns", fabricOf(cluster), "-force", "-batch", "-"], { stdin: lines }).catch(
    () => undefined,
  );
};

/** From one moment to the next nothing passes on any of the machine's links; it has its carrier still, and sees nothing. */
export const cutLinks = async ({ cluster }: Layout, { ports }: MachinePlan): Promise<void> =>
  ip(
    fabricOf(cluster),
    ports.map(({ name }) => `link set ${name} nomaster`),
  );

/** Lays the data plane's cables that touch one of `machines`. */
export async function layCables(layout: Layout, machines: ReadonlySet<string>): Promise<void> {
  for (const cable of layout.cables) {
    if (!cable.some(({ machine }) => machines.has(machine))) continue;
    await ip(namespaceOf(layout.cluster, cable[0].machine), cableLines(layout.cluster, cable));
    for (const end of cable) {
      const home = namespaceOf(layout.cluster, end.machine);
      await ip(home, cableEndLines(end));
      // The userspace datapath forwards segments as they come: a checksum left to the device would stay undone.
      await must(["ip", "netns", "exec", home, "ethtool", "-K", end.device, "tx", "off"]);
    }
  }
}

/** A link's carrier, and whether anything passes. */
export const setLink = (layout: Layout, machine: MachinePlan, network: string, state: "up" | "down") =>
  ip(
    fabricOf(layout.cluster),
    portsOn(machine, network).map(({ name }) => `link set ${name} ${state}`),
  );

export const setPath = (layout: Layout, machine: MachinePlan, network: string, state: "alive" | "dead") =>
  ip(
    fabricOf(layout.cluster),
    portsOn(machine, network).map((port) =>
      state === "dead"
        ? `link set ${port.name} nomaster`
        : `link set ${port.name} master ${segmentOf(layout, port).bridge}`,
    ),
  );

/** Nothing passes between these machines on any network, or all does again. Everybody else is reached as before (bridge(8): isolated). */
export const setApart = (layout: Layout, machines: readonly MachinePlan[], state: "apart" | "together") =>
  ip(
    fabricOf(layout.cluster),
    machines.flatMap(({ ports }) =>
      ports.map(
        ({ name }) => `link set ${name} type bridge_slave isolated ${state === "apart" ? "on" : "off"}`,
      ),
    ),
  );
