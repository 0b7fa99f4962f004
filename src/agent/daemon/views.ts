import type { DriftItem } from "../../api/documents.js";
import type { MachineReport } from "../../fleet/node-report.js";
import type { ClusterStatus } from "../../fleet/status.js";
import type { Readiness } from "../server/probes.js";

/** What this node shows to whoever looks. */
export interface Views {
  readiness(): Readiness;
  metrics(): Promise<string>;
  state(): Promise<Readonly<Record<string, unknown>>>;
  node(): Promise<MachineReport>;
  status(): Promise<ClusterStatus>;
  drift(): DriftItem[];
}
