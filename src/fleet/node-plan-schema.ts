import { z } from "zod";
import { generationSchema } from "../api/documents.js";
import type { NodePlan } from "../deploy/plan.js";

const file = z
  .looseObject({ body: z.string(), mode: z.int(), user: z.string(), group: z.string() })
  .nullable();

/** A peer's plan for itself, as far as this node looks into it: it is shown, compared, and never carried out here. */
const shape = z.looseObject({
  node: z.string(),
  from: generationSchema.nullable(),
  to: generationSchema,
  changes: z.array(
    z.looseObject({
      path: z.string(),
      kind: z.enum(["create", "update", "remove"]),
      engine: z.string(),
      before: file,
      after: file,
    }),
  ),
  details: z.array(z.string()),
  drift: z.array(z.string()),
  steps: z.array(z.looseObject({ kind: z.string() })),
  impact: z.array(z.string()),
  isEmpty: z.boolean(),
});

/** @throws when the answer is no plan, or another node's */
export function readNodePlan(answer: unknown, node: string): NodePlan {
  const plan = shape.parse(answer);
  if (plan.node !== node) throw new Error(`${node} answered with a plan for ${plan.node}`);
  return plan as unknown as NodePlan;
}
