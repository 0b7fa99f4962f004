import type { Lab } from "../../lab/lab.js";
import type { Situation } from "../situation.js";

/** Moves the virtual IPs as planned. Resolves to when the node that had them was asked to step back, in wall-clock milliseconds. */
export type Move = (from: string, to: string) => Promise<number>;

/** What faults are brought about with. */
export interface Stage {
  readonly lab: Lab;
  readonly move: Move;
  /**
   * Applies the topology that the nodes run with one number in it that is another, which nobody notices, and waits for the
   * end of it. Resolves to the topology as it was.
   */
  change(): Promise<string>;
  /** Applies that one again where the nodes do not run it. */
  changeBack(topology: string): Promise<void>;
}

/** A fault with its machine: what is really done. */
export interface Injection {
  /** For the table's second column. */
  readonly text: string;
  /** Whom it strikes, for a picture; null where it is not one machine, and not one link. */
  readonly machine: string | null;
  readonly network: string | null;
  /** Resolves to when it began, in wall-clock milliseconds. */
  inject(stage: Stage): Promise<number>;
  /** The inverse. Harmless where the fault did not come about, or is gone already. */
  undo(stage: Stage): Promise<void>;
}

/** What happens to the cluster. The machine is named only when the drill runs. */
export interface Fault {
  /** The inverse, for `drill explain`: what follows `Then`. */
  readonly undoing: string;
  on(situation: Situation): Injection;
}

/** Of what begins as it is asked for. */
export const atOnce =
  (bring: (stage: Stage) => Promise<void>): Injection["inject"] =>
  async (stage) => {
    const at = Date.now();
    await bring(stage);
    return at;
  };
