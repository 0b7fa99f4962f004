import { z } from "zod";
import { generationNumberSchema } from "../deploy/transaction.js";
import { eventKinds } from "./event.js";
import { authorSchema } from "./line.js";

export const nameSchema = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);
export const generationSchema = z.object({ number: generationNumberSchema, digest: z.string() });

/** The topology file as the operator wrote it, comments and all; at most 4 MiB. */
export const topologySchema = z.string().max(4 * 1024 * 1024);

export const eventSchema = z.object({
  sequence: z.int().positive(),
  at: z.string(),
  node: z.string(),
  kind: z.enum(eventKinds),
  text: z.string(),
  details: z.record(z.string(), z.unknown()),
});

/** A generation on a node's disk. */
export const historyEntrySchema = z.object({
  number: generationNumberSchema,
  digest: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  author: z.string(),
  message: z.string(),
  program: z.string(),
  current: z.boolean(),
  /** It runs, but goes back unless somebody confirms it by then (ISO 8601). */
  confirm_by: z.string().nullable(),
});

/** One place where a node stands otherwise than its generation. */
export const driftItemSchema = z.object({
  kind: z.enum(["file", "rules", "setting", "route", "pool"]),
  /** A path, a family, a key: what differs. */
  what: z.string(),
  /** Unified, generation against what stands. */
  diff: z.string(),
  /** ISO 8601: when it was first seen. */
  since: z.string(),
});

/** The change that the cluster is in the middle of, as this node knows it. */
export const transactionSchema = z.object({
  id: z.string(),
  coordinator: z.string(),
  generation: generationSchema,
  /** How far this node is; `trial` waits for somebody to confirm. `kept` or `aborted`: it has still to carry that out. */
  phase: z.enum(["prepared", "committed", "ready", "trial", "deciding", "withdrawn", "kept", "aborted"]),
  confirm_by: z.string().nullable(),
  author: z.string(),
  message: z.string(),
});

/** The last word on each node that was ever taken out of service, by name. Every node keeps a copy. */
export const maintenanceSchema = z
  .record(
    nameSchema,
    z.object({
      on: z.boolean(),
      /** ISO 8601, UTC, with milliseconds: when it was said. */
      since: z.iso.datetime(),
      by: authorSchema,
    }),
  )
  .refine((notes) => Object.keys(notes).length <= 256, "more nodes than a cluster has");

export type MaintenanceNotes = Readonly<z.infer<typeof maintenanceSchema>>;
export type HistoryEntry = z.infer<typeof historyEntrySchema>;
export type DriftItem = z.infer<typeof driftItemSchema>;
export type TransactionDocument = z.infer<typeof transactionSchema>;
