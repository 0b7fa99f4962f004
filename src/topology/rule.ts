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
  readonly check: (draft: Draft) => Finding[];
}

/** A topology that breaks this rule cannot work as written. */
export const rule = (name: string, check: Rule["check"]): Rule => ({ name, severity: "error", check });

/** A topology that breaks this rule works, but perhaps not as its author believes. */
export const warning = (name: string, check: Rule["check"]): Rule => ({ name, severity: "warning", check });
