/** Where in the topology file: 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong (or, as a warning, doubtful) in a topology. */
export interface Problem {
  /** The rule's name, for instance `address-in-network`. */
  readonly rule: string;
  readonly severity: "error" | "warning";
  /** For instance `nodes[1].interfaces.switches.address`; empty for the file as a whole. */
  readonly path: string;
  readonly position: Position;
  /** Says what is wrong and, where it can, the cure. */
  readonly message: string;
}
