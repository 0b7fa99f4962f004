import type { Injection } from "../fault/fault.js";

/** One fault of a random course, and what it may cost. Milliseconds. */
export interface Blow {
  /** Faults of one load balancer, and of one server, add up; `wits` are its agent's. */
  readonly strikes: "node" | "wits" | "server";
  /** The machine. */
  readonly on: string;
  /** It takes the whole machine: nothing else can be done to it meanwhile. */
  readonly whole: boolean;
  /** Two faults with one key would be the same one twice. */
  readonly key: string;
  readonly injection: Injection;
  /** The longest that a virtual IP may be silent for it while another node is whole. */
  readonly addressGap: number;
  /** The same of new sessions. */
  readonly serviceGap: number;
  /** The machine counts as whole again so long after the fault was undone. */
  readonly recovery: number;
}
