import type { DrillNote } from "../api/drill-note.js";
import type { Event } from "../api/event.js";
import type { NodeState } from "../observe/state.js";
import type { Stage } from "./fault/fault.js";

/** What a drill is run on. */
export interface Subject extends Stage {
  /** What every node's engines say now. It starts a dozen programs on each node. */
  states(): Promise<NodeState[]>;
  /** Whether every agent answers and says at once that all is well: what can be asked while something is measured. */
  content(): Promise<boolean>;
  /** Has every machine with an agent that can be reached note it among its events. Never rejects. */
  note(drill: DrillNote): Promise<void>;
  /** The newest events of each agent that answers, in its own order. Never rejects. */
  logs(): Promise<readonly (readonly Event[])[]>;
  /** What the agents of VPN servers say is wrong; those that do not answer say nothing. */
  vpnTroubles(): Promise<string[]>;
}

export interface RunOptions {
  /** Told what happens, in a few words, whenever something does. */
  progress(text: string): void;
  /** Ends the drill early; its fault is undone all the same. */
  readonly signal: AbortSignal;
}

/** The drill could not be run, or the cluster did not recover from it. The message says what to do. */
export class DrillError extends Error {}

/** The cluster is not as it should be while nothing is broken on purpose: a drill has failed before its fault, or after. */
export class UnreadyError extends DrillError {}
