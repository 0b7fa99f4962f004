import type { Refusal } from "../deploy/check.js";
import type { FileEngine } from "../render/file.js";

/** What happens during an apply, as it happens. Durations are milliseconds. */
export type Progress =
  | { readonly kind: "recovered"; readonly node: string }
  | {
      readonly kind: "prepared";
      readonly node: string;
      readonly took: number;
      readonly checked: readonly FileEngine[];
    }
  | { readonly kind: "refused"; readonly node: string; readonly refusals: readonly Refusal[] }
  | { readonly kind: "committed"; readonly node: string; readonly took: number; readonly changes: number }
  | {
      readonly kind: "failed";
      readonly stage: "prepare" | "commit";
      readonly node: string;
      readonly why: string;
    }
  | { readonly kind: "restored"; readonly node: string };

export type OnProgress = (progress: Progress) => void;
