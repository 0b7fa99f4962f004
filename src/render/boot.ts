/** One command of a node's start, before any engine: rules, then kernel settings, then routes. */
export interface BootCommand {
  readonly argv: readonly string[];
  /** A failure is expected where there is nothing to undo. */
  readonly mayFail: boolean;
}
