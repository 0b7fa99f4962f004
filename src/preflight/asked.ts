import type { NodePreflight } from "../api/preflight.js";

/** What became of asking one node; times are the asker's own clock, milliseconds since the epoch. */
export type Asked =
  | { readonly node: string; readonly sent: number; readonly got: number; readonly report: NodePreflight }
  | { readonly node: string; readonly why: string };

export type Answered = Extract<Asked, { report: unknown }>;

export const answeredOf = (asked: readonly Asked[]): Answered[] =>
  asked.filter((one): one is Answered => "report" in one);
