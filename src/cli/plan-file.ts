import { readFile } from "node:fs/promises";
import { z } from "zod";
import { UserError } from "./context.js";

const generation = z.object({ number: z.int(), digest: z.string() });

const planSchema = z.object({
  schema: z.literal("holdfast/plan/v1"),
  digest: z.string(),
  generation,
  nodes: z.array(
    z.object({
      name: z.string(),
      from: generation.nullable(),
      changes: z.array(z.object({ path: z.string(), kind: z.string(), diff: z.string() })),
      drift: z.array(z.string()).readonly(),
    }),
  ),
});

/** Of a plan that `plan --out` kept, what tells it from another one. */
export type KeptPlan = Omit<z.infer<typeof planSchema>, "schema">;

export async function readPlan(path: string): Promise<KeptPlan> {
  const refuse = (why: string) =>
    new UserError(`${path} ${why}; write one with 'holdfast plan --out ${path}'`);
  let kept: unknown;
  try {
    kept = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw refuse(error instanceof SyntaxError ? "is not JSON" : "cannot be read");
  }
  const { success, data } = planSchema.safeParse(kept);
  if (!success) throw refuse("is not a plan of this version");
  return data;
}
