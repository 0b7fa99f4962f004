import { z } from "zod";
import type { NodeState } from "../observe/state.js";

/** How a node stands, of all that its engines say of it (`GET /v1/node`). */
export const standingSchema = z.object({
  name: z.string(),
  role: z.enum(["active", "standby", "fault", "maintenance", "down"]),
  haproxy: z.object({ process: z.enum(["running", "frozen", "dead"]) }),
  rules: z.object({ missing: z.array(z.string()) }),
  drifts: z.array(z.string()),
  agent: z.object({ faults: z.array(z.string()) }).nullable(),
  yielding: z.boolean(),
  healthy: z.boolean(),
  report: z
    .object({ sync: z.object({ why: z.string().nullable() }).optional() })
    .optional()
    .describe("An older program does not say how the sessions' state stands."),
});

export type Standing = Pick<NodeState, "name" | "role" | "drifts" | "yielding" | "healthy"> & {
  readonly haproxy: Pick<NodeState["haproxy"], "process">;
  readonly rules: Pick<NodeState["rules"], "missing">;
  readonly agent: { readonly faults: readonly string[] } | null;
  readonly report?: { readonly sync?: { readonly why: string | null } | undefined } | undefined;
};

/** Why a node could not serve now, whatever its peers do; null when it could. One clause. */
export function unfitBecause({ role, haproxy, rules, agent, yielding }: Standing): string | null {
  if (role !== "active" && role !== "standby") return `it is ${role === "fault" ? "at fault" : role}`;
  if (haproxy.process !== "running") return `HAProxy is ${haproxy.process}`;
  if (rules.missing.length > 0) return `${rules.missing.length} rules are missing`;
  if (agent === null) return "its agent does not answer";
  if (agent.faults.length > 0) return agent.faults.join(", ");
  return yielding ? "it yields" : null;
}
