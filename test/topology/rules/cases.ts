import type { Edit } from "../examples.js";

/** An edit of an example that one rule refuses, and a neighbouring edit that every rule accepts. */
export interface RuleCase {
  readonly example: "pair" | "campus-routed" | "dual-stack";
  readonly broken: readonly Edit[];
  /** `LINE:COL path: message` of everything that the rule finds. */
  readonly findings: readonly string[];
  readonly legal: readonly Edit[];
}
