import type { WireVersion } from "../openflow/version.js";
import type { Answerer } from "../session/answers.js";
import type { SwitchMemory } from "../session/switch-memory.js";
import type { Counters } from "./counters.js";

export type LinkState = "unidentified" | "unsupported" | "apart" | "connecting" | "live";

/** What the master controller is to have of one switch, and who answers it. */
export interface LinkedSwitch {
  readonly memory: SwitchMemory;
  readonly counters: Counters;
  /** Whoever answers on a connection that is new. */
  answers(version: WireVersion): Answerer;
  /** Whether more of what it says can be taken now; `hearAgain` once it can. */
  takes?(): boolean;
  /** What it says is for the switch: one whole message. */
  forward?(message: Buffer): void;
  /** What it says is not for the switch: one whole message. */
  kept?(message: Buffer): void;
  /** It was greeted on a connection that is new. */
  came?(): void;
  /** That connection ended. */
  left?(): void;
}
