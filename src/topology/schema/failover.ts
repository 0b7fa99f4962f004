import { z } from "zod";
import { mostSyncNetworks } from "../sync-links.js";
import { addressSchema, distinct, durationSchema, integerSchema, reference } from "./scalars.js";

/** Adverts of each profile, in milliseconds. */
const profileIntervals = { conservative: 1000, balanced: 100, fast: 20 } as const;

/** All on one network would still leave room for its gateway and its servers among those that are asked there. */
const mostWitnesses = 8;

const profileSchema = z
  .enum(["conservative", "balanced", "fast"], { error: "must be conservative, balanced or fast" })
  .default("balanced")
  .describe(
    "How fast a dead node is noticed: conservative adverts every 1s, balanced 100ms, fast 20ms. Default balanced.",
  );

export const failoverSchema = z
  .strictObject({
    profile: profileSchema,
    advert_interval: durationSchema({ from: 10, to: 40_000, step: 10 })
      .optional()
      .describe("VRRP advertisement interval, 10ms to 40s in steps of 10ms. Default: the profile's."),
    down_adverts: integerSchema(2, 10)
      .default(3)
      .describe("Adverts missed before a standby takes over, 2 to 10. Default 3."),
    preempt: z
      .boolean()
      .default(false)
      .describe("Whether a preferred node takes the virtual IPs back when it returns. Default false."),
    preempt_delay: durationSchema({ from: 0, to: 1_000_000 })
      .optional()
      .describe("How long a returned node waits before it takes them back, up to 1000s. Default 10s."),
    witness: z
      .array(addressSchema)
      .max(mostWitnesses, { error: `at most ${mostWitnesses} are asked often enough` })
      .default([])
      .describe(
        "Addresses, at most 8, better two than one: a node that hears no other holds the virtual IPs only while one of them answers. They are also asked whether a network still answers. Default: none; whoever hears no other node holds the virtual IPs.",
      ),
    bfd: z
      .boolean()
      .default(false)
      .refine((wanted) => !wanted, {
        error:
          "would make failover slower: keepalived's standby waits for the missed adverts even after BFD has seen the failure; shorten advert_interval instead",
      })
      .describe("Detection by BFD; refused, since with keepalived it is slower than adverts. Default false."),
  })
  .transform((failover) => ({
    ...failover,
    advert_interval: failover.advert_interval ?? profileIntervals[failover.profile],
  }));

export const syncSchema = z.strictObject({
  networks: z
    .array(reference("a network that carries connection state and the agents' beats"))
    .min(1, { error: "at least one network is needed" })
    .max(mostSyncNetworks, { error: `at most ${mostSyncNetworks}: conntrackd takes no more links` })
    .refine(distinct, { error: "a network stands twice" })
    .optional()
    .describe(
      "Networks between the nodes, preferred first. Default: the one named management, else the last one.",
    ),
});

export const agentSchema = z.strictObject({
  port: integerSchema(1, 65535).default(7443).describe("Port of the agents, 1 to 65535. Default 7443."),
  network: reference("the network on which the agents are reached")
    .optional()
    .describe("Name of the network on which the agents are reached. Default: the first of sync.networks."),
  heal: z
    .enum(["report", "restore"], { error: "must be report or restore" })
    .default("report")
    .describe(
      "What the agent does about a file, rule, setting or route that somebody changed by hand: report it, or restore it too. Default report.",
    ),
});
