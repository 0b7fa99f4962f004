import type { Lab } from "../../lab/lab.js";
import type { Situation } from "../situation.js";

/** A planned move that was made. */
export interface Moved {
  /** When the node that had the virtual IPs was asked to step back, in wall-clock milliseconds. */
  readonly at: number;
  /** Milliseconds without the first virtual IP, as the node saw it that took them over. */
  readonly gap: number;
}

/** What is asked of the nodes' agents: it breaks nothing, and can be had on real nodes, too. */
export interface Requests {
  move(from: string, to: string): Promise<Moved>;
  /** Out of service, or back into it. */
  maintain(node: string, on: boolean): Promise<void>;
}

/** What faults are brought about with. */
export interface Stage extends Requests {
  readonly lab: Lab;
  /** The topology that the nodes run, as it was written. */
  topology(): Promise<string>;
  /**
   * Applies the topology that the nodes run with something in it that is otherwise, which nobody notices, and waits for
   * the end of it. Resolves to the topology as it was.
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
  /**
   * Why it did not come about as it was asked for, in words, or null; asked just before it is undone. Absent where `inject`
   * throws then: a drill that struck nothing has shown nothing.
   */
  missed?(): Promise<string | null>;
}

/** What happens to the cluster. The machine is named only when the drill runs. */
export interface Fault {
  /** The inverse, for `drill explain`: what follows `Then`. */
  readonly undoing: string;
  on(situation: Situation): Injection;
}

/** A fault that agents bring about and undo when they are asked for it. */
export interface AskedFault extends Fault {
  on(situation: Situation): AskedInjection;
}

export interface AskedInjection extends Injection {
  inject(requests: Requests): Promise<number>;
  undo(requests: Requests): Promise<void>;
}

/** Of what begins as it is asked for. */
export const atOnce =
  <Means = Stage>(bring: (means: Means) => Promise<void>) =>
  async (stage: Means): Promise<number> => {
    const at = Date.now();
    await bring(stage);
    return at;
  };
