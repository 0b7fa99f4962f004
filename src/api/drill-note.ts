import { z } from "zod";
import { nameSchema } from "./documents.js";
import { lineSchema } from "./line.js";

/** How far a drill is; `interrupted` was ended by whoever ran it, with its fault undone. */
const outcomes = ["begins", "passed", "failed", "interrupted"] as const;

/** What whoever runs a drill has the nodes note of it. */
export const drillNoteSchema = z.object({
  drill: nameSchema,
  /** What is broken, for instance `lb-a off`. */
  fault: lineSchema(200),
  outcome: z.enum(outcomes),
});
export type DrillNote = z.infer<typeof drillNoteSchema>;
