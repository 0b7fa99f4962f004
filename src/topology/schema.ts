import { z } from "zod";
import { agentSchema, failoverSchema, syncSchema } from "./schema/failover.js";
import {
  labSchema,
  networkSchema,
  networksSchema,
  nodeSchema,
  routeSchema,
  virtualIpSchema,
} from "./schema/machines.js";
import { natSchema } from "./schema/nat.js";
import { nameSchema } from "./schema/scalars.js";
import { serviceSchema } from "./schema/services.js";
import { vpnSchema } from "./schema/vpn.js";

/** Priorities 254, 253, 189, 125, 61 (see resolve.ts): a sixth node would have none left. */
const maximumNodes = 5;

const sections = z
  .strictObject({
    cluster: nameSchema.describe("Name of the cluster."),
    networks: networksSchema
      .default({})
      .describe("The broadcast domains, by name. Default: none, where there is `vpn` alone."),
    nodes: z
      .array(nodeSchema)
      .min(2, { error: "a cluster has at least two nodes" })
      .max(maximumNodes, { error: `a cluster has at most ${maximumNodes} nodes` })
      .default([])
      .describe(
        "The load balancers, preferred first; two to five. Default: none, where there is `vpn` alone.",
      ),
    routes: z
      .array(routeSchema)
      .default([])
      .describe("Static routes of every node, kept across reboots. Default: none."),
    failover: failoverSchema.prefault({}).describe("When and how the virtual IPs move."),
    sync: syncSchema.prefault({}).describe("Where the nodes talk to each other."),
    virtual_ips: z
      .array(virtualIpSchema)
      .min(1, { error: "at least one virtual IP is needed" })
      .default([])
      .describe("Addresses that move between the nodes. Default: none, where there is `vpn` alone."),
    services: z.array(serviceSchema).default([]).describe("What is spread over servers. Default: none."),
    nat: natSchema.prefault({}).describe("Address translation beside the services."),
    agent: agentSchema.prefault({}).describe("The daemon on each node and VPN server."),
    vpn: vpnSchema.optional().describe("OpenVPN servers that share their clients' routes. Default: none."),
    lab: labSchema.prefault({}).describe("What only the lab reads."),
  })
  .meta({
    title: "holdfast topology",
    description: "One file that describes a cluster of load balancers, or VPN servers, or both.",
  });

/** What load balancers cannot do without; where there is `vpn`, there may be none of them. */
const ofLoadBalancers = ["networks", "nodes", "virtual_ips"] as const;

/** The topology file as an operator writes it. */
export const topologySchema = sections.superRefine(
  (topology, { addIssue, issues }) => {
    if (!hasLoadBalancers(topology)) return;
    for (const key of ofLoadBalancers)
      if (isEmpty(topology[key]) && !issues.some(({ path }) => path?.[0] === key))
        addIssue({ code: "custom", path: [key], message: "is missing" });
  },
  // Also beside other problems: all are told at once.
  { when: ({ value }) => typeof value === "object" && value !== null },
);

/** Parts may have the wrong shape still. */
const hasLoadBalancers = (topology: z.output<typeof sections>): boolean =>
  topology.vpn === undefined ||
  [...ofLoadBalancers, "routes" as const, "services" as const].some((key) => !isEmpty(topology[key])) ||
  [topology.nat?.destination, topology.nat?.source].some((list) => !isEmpty(list));

const isEmpty = (part: unknown): boolean =>
  typeof part !== "object" || part === null || Object.keys(part).length === 0;

/** A topology that has the right shape: defaults filled in, addresses and durations read. */
export type WrittenTopology = z.output<typeof sections>;

/**
 * What remains of a topology when parts with a wrong value are taken out: as above, but nothing has to be there. Only
 * rules about parts may be asked about it (see rule.ts).
 */
export const remainingTopologySchema = sections.extend({
  cluster: nameSchema.default("unnamed"),
  networks: z.record(nameSchema, networkSchema).default({}),
  nodes: z.array(nodeSchema).default([]),
  virtual_ips: z.array(virtualIpSchema).default([]),
});

/** The schema for editors: JSON Schema draft 7 of what may be written. */
export function topologyJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(topologySchema, { target: "draft-7", io: "input" }) };
}
