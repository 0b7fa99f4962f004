import { z } from "zod";
import { eventSchema, generationSchema, nameSchema } from "./documents.js";

const texts = z.array(z.string());

/** A node as a page draws it. */
const liveNodeSchema = z.object({
  name: nameSchema,
  role: z.enum(["active", "standby", "fault", "maintenance", "down"]),
  healthy: z.boolean(),
  /** Clauses: what is wrong with it. */
  troubles: texts,
  /** Why it leaves the virtual IPs to another node, or does not; null where its agent does not answer. */
  why: z.string().nullable(),
  generation: generationSchema.nullable(),
  /** "since TIME by NAME"; null when in service. */
  maintenance: z.string().nullable(),
  drift: z.boolean(),
  program: z.string().nullable(),
  /** ISO 8601. */
  certificate_expires: z.string().nullable(),
  last_takeover: z
    .object({ at: z.string(), cause: z.string().nullable(), gap: z.number().nullable() })
    .nullable(),
  /** `complete`: a standby that holds the active node's sessions. */
  sync: z.string().nullable(),
  /** What its HAProxy says of servers that another node's calls otherwise: `c1 of openflow is down`. */
  contradicts: texts,
});

const liveServerSchema = z.object({
  name: z.string(),
  up: z.boolean(),
  draining: z.boolean(),
  /** Null where the kernel translates, which counts by service. */
  sessions: z.number().nullable(),
  /** New sessions in the last second, as HAProxy counts them; null where nobody does. */
  rate: z.number().nullable(),
});

const liveServiceSchema = z.object({
  name: z.string(),
  mode: z.enum(["proxy", "nat"]),
  port: z.int(),
  redundant: z.boolean(),
  sessions: z.number(),
  rate: z.number().nullable(),
  servers: z.array(liveServerSchema),
  mirror: z
    .object({
      to: z.string(),
      via: z.enum(["tap", "inline"]),
      connected: z.number(),
      switches: z.number(),
      messages: z.number(),
      dropped: z.number(),
      queued: z.number(),
      why: z.string().nullable(),
    })
    .nullable(),
});

const liveVpnServerSchema = z.object({
  name: nameSchema,
  role: z.enum(["serving", "fault", "down"]),
  healthy: z.boolean(),
  troubles: texts,
  clients: z.number().nullable(),
});

/** The cluster, asked of all its nodes. */
export const livePictureSchema = z.object({
  kind: z.literal("picture"),
  /** ISO 8601, by the clock of the node that tells it. */
  at: z.string(),
  healthy: z.boolean(),
  redundant: z.boolean(),
  /** Clauses beside "healthy" or "degraded". */
  remarks: texts,
  nodes: z.array(liveNodeSchema),
  virtual_ips: z.array(z.object({ name: z.string(), address: z.string(), owners: texts })),
  services: z.array(liveServiceSchema),
  vpn_servers: z.array(liveVpnServerSchema),
  trial: z.object({ confirm_by: z.string(), author: z.string(), message: z.string() }).nullable(),
});

/** Who holds the virtual IPs, as this node knows it at this moment: told as soon as it changes. */
export const liveOwnersSchema = z.object({
  kind: z.literal("owners"),
  at: z.string(),
  /** By network: every node that says so of itself. */
  networks: z.record(z.string(), texts),
  /** Nodes that this one hears, itself among them. */
  heard: texts,
});

/** Something happened on a node. */
export const liveEventSchema = z.object({ kind: z.literal("event"), event: eventSchema });

/** The agent lives, and nothing is new: a browser is not told of a machine that lost its power. */
export const livePulseSchema = z.object({ kind: z.literal("pulse"), at: z.string() });

export const liveSchema = z.discriminatedUnion("kind", [
  livePictureSchema,
  liveOwnersSchema,
  liveEventSchema,
  livePulseSchema,
]);

export type LivePicture = z.infer<typeof livePictureSchema>;
export type LiveNode = LivePicture["nodes"][number];
export type LiveService = LivePicture["services"][number];
export type LiveOwners = z.infer<typeof liveOwnersSchema>;
export type LivePulse = z.infer<typeof livePulseSchema>;
export type Live = z.infer<typeof liveSchema>;
