import { z } from "zod";
import { agentSchema, failoverSchema, syncSchema, vpnSchema } from "./schema/failover.js";
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

/** Priorities 254, 253, 189, 125, 61 (see resolve.ts): a sixth node would have none left. */
const maximumNodes = 5;

/** The topology file as an operator writes it. */
export const topologySchema = z
  .strictObject({
    cluster: nameSchema.describe("Name of the cluster."),
    networks: networksSchema,
    nodes: z
      .array(nodeSchema)
      .min(2, { error: "a cluster has at least two nodes" })
      .max(maximumNodes, { error: `a cluster has at most ${maximumNodes} nodes` })
      .describe("The load balancers, preferred first; two to five."),
    routes: z
      .array(routeSchema)
      .default([])
      .describe("Static routes of every node, kept across reboots. Default: none."),
    failover: failoverSchema.prefault({}).describe("When and how the virtual IPs move."),
    sync: syncSchema.prefault({}).describe("Where the nodes talk to each other."),
    virtual_ips: z
      .array(virtualIpSchema)
      .min(1, { error: "at least one virtual IP is needed" })
      .describe("Addresses that move between the nodes."),
    services: z.array(serviceSchema).default([]).describe("What is spread over servers. Default: none."),
    nat: natSchema.prefault({}).describe("Address translation beside the services."),
    agent: agentSchema.prefault({}).describe("The daemon on each node."),
    vpn: vpnSchema,
    lab: labSchema.prefault({}).describe("What only the lab reads."),
  })
  .meta({ title: "holdfast topology", description: "One file that describes a cluster of load balancers." });

/** A topology that has the right shape: defaults filled in, addresses and durations read. */
export type WrittenTopology = z.output<typeof topologySchema>;

/**
 * What remains of a topology when parts with a wrong value are taken out: as above, but nothing has to be there. Only
 * rules about parts may be asked about it (see rule.ts).
 */
export const remainingTopologySchema = topologySchema.extend({
  cluster: nameSchema.default("unnamed"),
  networks: z.record(nameSchema, networkSchema).default({}),
  nodes: z.array(nodeSchema).default([]),
  virtual_ips: z.array(virtualIpSchema).default([]),
});

/** The schema for editors: JSON Schema draft 7 of what may be written. */
export function topologyJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(topologySchema, { target: "draft-7", io: "input" }) };
}
