import { nodeDown } from "../observe/node.js";
import type { NodeState } from "../observe/state.js";
import type { AgentReport, NodeReport } from "./node-report.js";

/** What was seen of one node. */
export interface Sighting {
  readonly state: NodeState;
  /** Sessions by `nat` service. */
  readonly natSessions: ReadonlyMap<string, number>;
  readonly report?: AgentReport;
  /** What the other nodes know of it: "since TIME by NAME". */
  readonly maintenance?: string;
}

export const sightingOf = ({ nat_sessions, report, ...state }: NodeReport): Sighting => ({
  state: { ...state, role: report.maintenance === null ? state.role : "maintenance" },
  natSessions: new Map(Object.entries(nat_sessions)),
  report,
});

/** @param maintenance what the others know of it: a node in maintenance may be off */
export const nothingSeen = (name: string, maintenance: string | null = null): Sighting => ({
  state: maintenance === null ? nodeDown(name) : { ...nodeDown(name), role: "maintenance" },
  natSessions: new Map(),
  ...(maintenance === null ? {} : { maintenance }),
});
