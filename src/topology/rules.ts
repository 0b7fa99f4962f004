import type { Rule } from "./rule.js";
import * as references from "./rules/references.js";

/** Every rule that a topology must keep; all are asked, and all findings are reported together. */
export const rules: readonly Rule[] = [references.knownReferences];
