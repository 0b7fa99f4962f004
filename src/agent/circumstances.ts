import type { BeatGeneration } from "./beats/beat.js";

/** What only others can tell an agent of its own node. */
export interface Circumstances {
  /** What the node runs; null before the first apply. */
  readonly generation: BeatGeneration | null;
  /** Why it may be behind its peers, or is in doubt about a change: one clause. Null when it is not. */
  readonly unsettled: string | null;
  /** An operator took it out of service. */
  readonly maintenance: boolean;
}

export const plainCircumstances: Circumstances = { generation: null, unsettled: null, maintenance: false };
