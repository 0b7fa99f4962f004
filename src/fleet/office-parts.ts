import type { EventKind } from "../api/event.js";
import type { OwnParticipant } from "../deploy/participant.js";
import type { Render } from "../deploy/rendered.js";
import type { Cluster } from "../topology/cluster.js";
import type { MaintenanceBook } from "./maintenance-book.js";
import type { Member } from "./member.js";

/** This node itself: it can also be asked for its vote. */
export type OwnMember = Member & OwnParticipant;

/** What an agent needs in order to act for its whole cluster. */
export interface OfficeParts {
  readonly own: OwnMember;
  /** Of its certificate: topologies of other clusters are refused. */
  readonly clusterName: string;
  /** What runs here; null before the first topology. */
  readonly cluster: () => Cluster | null;
  /**
   * Every other node of the first of these clusters. A change may move an agent's address: those of the further
   * clusters are tried too.
   */
  readonly peers: (clusters: readonly Cluster[]) => readonly Member[];
  readonly render: Render;
  readonly book: MaintenanceBook;
  /** A generation of this node as it was written; null where there is none. */
  readonly topologyOf: (generation: number) => Promise<string | null>;
  /** An event of the whole cluster, told on this node. */
  readonly tell: (kind: EventKind, text: string, details: Readonly<Record<string, unknown>>) => void;
}
