import { z } from "zod";
import { driftItemSchema, nameSchema } from "./documents.js";
import type { Route } from "./route.js";

const json = <S extends z.ZodType>(schema: S) => ({ kind: "json" as const, schema });
const generation = z.coerce.number<number | string>().int().positive();

/** What a planned move would meet, was it asked for now. */
export const switchoverCheckSchema = z.object({
  /** The active node; null where that is none, or several. */
  from: nameSchema.nullable(),
  /** Milliseconds without the virtual IPs that are expected of it at most. */
  expected: z.number(),
  targets: z.array(
    z.object({
      to: nameSchema,
      /** Why it would be refused, one sentence; null when nothing speaks against it. */
      obstacle: z.string().nullable(),
      /** `force` moves all the same. */
      forceable: z.boolean(),
      /** What is worth knowing although it stands in nobody's way. */
      warning: z.string().nullable(),
    }),
  ),
});

/** What it would come to, by node, if it was taken out of service now. */
export const maintenanceCheckSchema = z.object({
  nodes: z.array(
    z.object({
      node: nameSchema,
      in_maintenance: z.boolean(),
      /** One clause; `force` does it all the same. */
      obstacle: z.string().nullable(),
      /** Who becomes active for it; null where it is not active, or nobody could. */
      takes_over: nameSchema.nullable(),
      /** Those that could serve then; with one alone the next failure is an outage. */
      left: z.array(nameSchema),
    }),
  ),
});

export const clusterDriftSchema = z.object({
  nodes: z.array(z.object({ node: nameSchema, items: z.array(driftItemSchema) })),
  /** Machines that did not answer. */
  silent: z.array(nameSchema),
});

export const generationDiffSchema = z.object({
  number: z.int(),
  /** The generation on the left side; null where there is none before. */
  from: z.int().nullable(),
  /** Unified; empty where both topologies are the same text. */
  diff: z.string(),
});

/** What is looked at before something is done: none of it changes anything. */
export const checkRoutes = {
  switchoverCheck: {
    method: "GET",
    path: "/v1/switchover",
    role: "viewer",
    summary: "whether it is safe to move the virtual IPs now, to each node; moves nothing",
    answer: json(switchoverCheckSchema),
  },
  maintenanceCheck: {
    method: "GET",
    path: "/v1/maintenance",
    role: "viewer",
    summary: "what it would come to if a node was taken out of service now, for each; changes nothing",
    answer: json(maintenanceCheckSchema),
  },
  clusterDrift: {
    method: "GET",
    path: "/v1/cluster/drift",
    role: "viewer",
    summary: "where every node differs from its generation, asked of all",
    answer: json(clusterDriftSchema),
  },
  generationDiff: {
    method: "GET",
    path: "/v1/history/:number/diff",
    role: "viewer",
    summary: "what a generation changed in the topology",
    params: z.object({ number: generation }),
    /** `from`: against that one; else against the one before it on this node. */
    query: z.object({ from: generation.optional() }),
    answer: json(generationDiffSchema),
  },
} as const satisfies Record<string, Route>;

export type SwitchoverCheck = z.infer<typeof switchoverCheckSchema>;
export type MaintenanceCheck = z.infer<typeof maintenanceCheckSchema>;
export type ClusterDrift = z.infer<typeof clusterDriftSchema>;
export type GenerationDiff = z.infer<typeof generationDiffSchema>;
