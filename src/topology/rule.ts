import type { Draft } from "./draft.js";
import type { Path } from "./path.js";
import type { Problem } from "./problem.js";

/** A sentence about the thing at `at`. */
export interface Finding {
  readonly at: Path;
  readonly message: string;
  /** The key itself is wrong, not its value. */
  readonly key?: boolean;
}

/** A question put to a whole topology; no finding means that all is well. */
export interface Rule {
  /** For instance `address-in-network`. */
  readonly name: string;
  readonly severity: Problem["severity"];
  /**
   * What it asks about. A rule about parts finds in some of a topology's parts nothing that it would not find in all of
   * them, so it can be asked while others are unreadable. A rule about the whole misses something, or counts.
   */
  readonly about: "parts" | "whole";
  readonly check: (draft: Draft) => Finding[];
}

/** A topology that breaks this rule cannot work as written. */
export const rule = (name: string, check: Rule["check"]): Rule => ({
  name,
  severity: "error",
  about: "parts",
  check,
});

/** A topology that breaks this rule works, but perhaps not as its author believes. */
export const warning = (name: string, check: Rule["check"]): Rule => ({
  ...rule(name, check),
  severity: "warning",
});

export const ruleOfWhole = (name: string, check: Rule["check"]): Rule => ({
  ...rule(name, check),
  about: "whole",
});

export const warningOfWhole = (name: string, check: Rule["check"]): Rule => ({
  ...warning(name, check),
  about: "whole",
});
