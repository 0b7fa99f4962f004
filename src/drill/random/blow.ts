import type { Injection } from "../fault/fault.js";

/** What a fault may cost while another node is whole. Milliseconds. */
export interface Cost {
  /** The longest that a virtual IP may be silent. */
  readonly address: number;
  /** The same of new sessions. */
  readonly service: number;
  /** The longest that two nodes may act as owner. */
  readonly twoOwners: number;
  /** For so long its node's agent finds nothing else. */
  readonly wits: number;
}

/** Networks on which one node does not hear another while the fault is there. */
export interface Unheard {
  readonly adverts: readonly string[];
  /** What agents tell each other. */
  readonly beats: readonly string[];
}

/** One fault of a random course, and what it may cost. */
export interface Blow {
  /**
   * Most faults of a round strike one node; what is done to servers, to what is everybody's, and to the topology comes
   * beside them.
   */
  readonly strikes: "node" | "server" | "all" | "topology";
  /** The machines that are not whole for it. */
  readonly on: readonly string[];
  /** Its machines stay whole: nothing is moved for it, and what it silences is a probe or two. */
  readonly spares: boolean;
  /** VRRP alone takes the virtual IPs elsewhere: no agent has to find anything. */
  readonly unaided: boolean;
  /** It takes the whole machine: nothing else can be done to it meanwhile. */
  readonly whole: boolean;
  /** Two faults with one claim cannot be there at a time: they are the same, or the one's end would be the other's. */
  readonly claims: readonly string[];
  readonly injection: Injection;
  /** @param lasted milliseconds from the fault until it was undone */
  costs(lasted: number): Cost;
  /** Sessions that had a copy may end all the same. */
  readonly endsSessions: boolean;
  readonly unheard: Unheard;
  /** The machine counts as whole again so long after the fault was undone. */
  readonly recovery: number;
}
