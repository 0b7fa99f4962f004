import type { TestContext } from "vitest";
import type { BootedLab } from "../../machines/booted.js";
import type { Operator } from "../../machines/operator.js";
import { edited, type Written, withNatService } from "../lab/topology.js";

const mirror = "    mirror: { to: { name: master, address: 10.0.2.50, port: 6653 } }\n";

/** Whose sessions a master controller has a part in. */
export const shared = {
  name: "shared",
  port: 6_654,
  master: 6_654,
  audit: "/var/log/holdfast/shared",
} as const;

const sharedService = `
  - name: ${shared.name}
    listen: { virtual_ip: controller-ip, port: ${shared.port} }
    mode: proxy
    balance: source
    health_check: { type: openflow, interval: 1s, rise: 2, fall: 3 }
    servers:
      - { name: c1, address: 10.0.2.11, port: 6653 }
      - { name: c2, address: 10.0.2.12, port: 6653 }
    mirror:
      to: { name: master, address: 10.0.2.50, port: ${shared.master} }
      via: inline
      replies: forward
      writes: forward
      audit: { file: ${shared.audit} }
`;

/**
 * The pair with its switches mirrored, with a service that the kernel translates and one whose sessions pass through the
 * multiplexer, and a machine on the management network to work from.
 */
export const topology: Written = (() => {
  const pair = withNatService("machines");
  const written = `${pair.text}
lab:
  hosts:
    - { name: operator, network: management, address: 10.0.9.250 }
`;
  return edited(
    { ...pair, text: written },
    ["\n  - name: telemetry\n", `${mirror}\n  - name: telemetry\n`],
    ["\nnat:\n", `${sharedService}\nnat:\n`],
  );
})();

/** What one chapter leaves to the next. */
export interface Site {
  lab: BootedLab;
  operator: Operator;
  /** The same program under two versions: the second upgrades the first. */
  packages: { readonly first: string; readonly second: string };
  /** How long each stage took, in milliseconds. */
  readonly stages: { readonly name: string; readonly took: number }[];
  /** Set once holdfast runs on the nodes: without it most chapters have nothing to look at. */
  installed: boolean;
}

export const managementAddress = (name: string): string => {
  const address = topology.cluster.nodes
    .find((node) => node.name === name)
    ?.interfaces.find(({ network }) => network === "management")?.addresses[0]?.address;
  if (address === undefined) throw new Error(`${name} has no address on the management network`);
  return address;
};

/** Does a stage and remembers how long it took. */
export async function stage<Result>(
  site: Pick<Site, "stages">,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const begun = performance.now();
  try {
    return await work();
  } finally {
    const took = performance.now() - begun;
    site.stages.push({ name, took });
    process.stderr.write(`machines: ${name}: ${(took / 1_000).toFixed(1)} s\n`);
  }
}

export const nodeNames = topology.cluster.nodes.map(({ name }) => name);

/** A chapter that needs a pair has nothing to say where there is none. */
export function needsInstalled(site: Site, { skip }: Pick<TestContext, "skip">): void {
  if (!site.installed) skip("holdfast is not installed");
}

interface StatusNode {
  readonly name: string;
  readonly role: string;
  readonly generation: unknown;
}

/** Who is what, as the agents say over the network. */
export async function rolesOf({ operator }: Site) {
  const { stdout, stderr } = await operator.holdfast("status", "--json");
  const { nodes } = JSON.parse(stdout || "{}") as { nodes?: StatusNode[] };
  const named = (role: string): string => {
    const found = nodes?.find((node) => node.role === role)?.name;
    if (found === undefined) throw new Error(`no node is ${role}: ${stdout}${stderr}`);
    return found;
  };
  return {
    active: named("active"),
    standby: named("standby"),
    generations: Object.fromEntries((nodes ?? []).map(({ name, generation }) => [name, generation])),
  };
}
