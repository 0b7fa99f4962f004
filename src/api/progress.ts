import { z } from "zod";

/** What happens during an apply, as it happens. Durations are milliseconds. */
const node = z.string();
const took = z.number();
const why = z.string();

const stageSchema = z.enum(["survey", "prepare", "commit", "gate", "keep"]);

const outcomeSchema = z.object({
  kind: z.literal("ended"),
  /** `unchanged`: there was nothing to do. `trial`: all nodes run it until `confirm_by`. `undone`: no node runs it. */
  outcome: z.enum(["kept", "unchanged", "trial", "undone", "unsettled"]),
  generation: z.object({ number: z.int(), digest: z.string() }).nullable(),
  nodes: z.array(node),
  /** Nodes of the topology that took no part: those left out by name catch up as soon as they can. */
  without: z.array(z.object({ node, why: z.enum(["left out", "in maintenance"]) })).default([]),
  /** ISO 8601, for a trial. */
  confirm_by: z.string().nullable(),
  /** Sentences: what did not go as it should, and what to do; empty when all is well. */
  trouble: z.array(z.string()),
});

export const progressSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("prepared"), node, took, checked: z.array(z.string()) }),
  z.object({
    kind: z.literal("refused"),
    node,
    refusals: z.array(z.object({ path: z.string(), engine: z.string(), words: z.string() })),
  }),
  z.object({ kind: z.literal("committed"), node, took, changes: z.int() }),
  /** The node is healthy on its new generation. */
  z.object({ kind: z.literal("healthy"), node, took }),
  /** A service answered through its virtual IP. */
  z.object({ kind: z.literal("answers"), node, took, endpoints: z.array(z.string()) }),
  z.object({ kind: z.literal("failed"), stage: stageSchema, node, why }),
  z.object({ kind: z.literal("restored"), node }),
  outcomeSchema,
]);

export type Progress = z.infer<typeof progressSchema>;
export type Outcome = z.infer<typeof outcomeSchema>;
