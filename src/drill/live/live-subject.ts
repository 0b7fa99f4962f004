import type { Cluster } from "../../topology/cluster.js";
import type { Requests } from "../fault/fault.js";
import type { Readiness } from "../situation.js";
import type { Subject } from "../subject.js";
import type { OwnView } from "./own-view.js";

/** How the nodes say that they are. */
export interface Look {
  /** Whether a move may be made now: everything is well. */
  readonly readiness: Readiness;
  readonly active: readonly string[];
}

/** Real nodes as a safe drill sees them: through their agents alone. */
export interface LiveSubject extends Requests, Pick<Subject, "note" | "logs"> {
  /** As it runs on the nodes. */
  readonly cluster: Cluster;
  /** Never rejects: who does not answer is not ready. */
  look(): Promise<Look>;
  /** Begins to ask the virtual IPs from here. */
  watch(signal: AbortSignal): Promise<OwnView>;
}
