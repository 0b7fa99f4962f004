import { z } from "zod";
import { authorSchema, reasonSchema } from "../api/line.js";

/** Far from where a number loses its last digit: 30 years of an apply a second. */
const highestNumber = 1_000_000_000;
export const generationNumberSchema = z.int().positive().max(highestNumber);

const generation = z.object({ number: generationNumberSchema, digest: z.string() });

/** A change of all nodes, as its coordinator proposed it. The same on every node. */
export const proposalSchema = z.object({
  id: z.string(),
  coordinator: z.string(),
  /** Every node that takes part, the coordinator's own too; sorted. */
  participants: z.array(z.string()).min(1),
  /** Nodes that were left out by name: they catch up. */
  without: z.array(z.string()),
  generation,
  /** Digest of each node's plan, when it was looked at first: no other is carried out. Null carries out whatever it is. */
  plans: z.record(z.string(), z.string()).nullable(),
  author: authorSchema,
  message: reasonSchema,
  /** Milliseconds; null is kept without a confirmation. */
  confirmTimeout: z.int().nullable(),
  /** Milliseconds after which a participant that heard nothing asks the others. */
  patience: z.int().positive(),
});
export type Proposal = z.infer<typeof proposalSchema>;

/**
 * How far a node is. Until it is `ready` it may go back alone. `deciding` and `withdrawn` are its vote, for keeping and
 * for going back: cast once, never changed. `kept` and `aborted` are final, and stay on disk until the next proposal
 * so that a node that was away can settle.
 */
const phases = [
  "prepared",
  /** The new generation runs here. */
  "committed",
  /** It passed the last gate: from here on the others may keep. */
  "ready",
  /** All were ready; it goes back at `confirmBy` unless somebody confirms. */
  "trial",
  "deciding",
  "withdrawn",
  "kept",
  "aborted",
] as const;
export type Phase = (typeof phases)[number];

/** What one node says of one proposal. */
export const wordSchema = z.object({ node: z.string(), phase: z.enum(phases) });
export type Word = z.infer<typeof wordSchema>;

/** What a node has on disk of the last change it took part in (decision 9). */
export const recordSchema = z.object({
  schema: z.literal("holdfast/transaction/v1"),
  node: z.string(),
  proposal: proposalSchema,
  phase: z.enum(phases),
  /** ISO 8601, by this node's own clock: when its trial ends. Null before and without a trial. */
  confirmBy: z.string().nullable(),
});
export type TransactionRecord = z.infer<typeof recordSchema>;

/** What one node says before a change. */
export const surveySchema = z.object({
  node: z.string(),
  programVersion: z.string(),
  /** The generation that runs. */
  current: generation.nullable(),
  /** Numbers of all generations on its disk. */
  numbers: z.array(generationNumberSchema),
  /** The highest number that was ever proposed to it; 0 before the first. */
  proposed: z.int().min(0).max(highestNumber),
  record: recordSchema.nullable(),
  /** How many virtual addresses it holds: the active node is committed last. */
  holds: z.int().min(0),
});
export type Survey = z.infer<typeof surveySchema>;
