import type { HistoryEntry, MaintenanceNotes } from "../api/documents.js";
import type { Participant } from "../deploy/participant.js";
import type { Standing } from "./standing.js";

/** A generation that all who took part in it keep, with the topology as it was written. */
export interface KeptGeneration {
  readonly entry: HistoryEntry;
  readonly topology: string;
}

/** A planned move, as the node that becomes active is told of it. */
export interface Move {
  readonly from: string;
  /** Nodes that VRRP would prefer: they stand aside meanwhile. */
  readonly aside: readonly string[];
  /** Who asked for it. */
  readonly by: string;
}

/** A planned move that happened. */
export interface Takeover {
  /** When the others were asked to step back: wall-clock milliseconds of the node that became active. */
  readonly at: number;
  /** Milliseconds: how long the virtual IP was silent. */
  readonly gap: number;
}

/** A node as the agents of its cluster deal with it: this node itself, or a peer through its agent. */
export interface Member extends Participant {
  /** Renders a topology ahead of the plan that will be asked for. */
  render(topology: string): Promise<void>;
  /** What its engines say. */
  state(): Promise<Standing>;
  /** The newest generation that it keeps; null before the first. */
  kept(): Promise<KeptGeneration | null>;
  /** Tells it who is out of service, and answers with the newest words of both. */
  meet(notes: MaintenanceNotes): Promise<MaintenanceNotes>;
  /** Steps back for so many milliseconds. Rejects with why it does not. */
  yieldFor(milliseconds: number): Promise<void>;
  /** Becomes active while the others step back. */
  takeOver(move: Move): Promise<Takeover>;
}
