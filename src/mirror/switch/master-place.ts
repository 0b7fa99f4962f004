/** Where the master controller is, and what it gets. */
export interface MasterPlace {
  readonly address: string;
  readonly port: number;
  /** What it hears when it asks for a change. */
  readonly writes: "error" | "drop";
  /** Bytes that may wait for it, for each switch. */
  readonly queue: number;
}
