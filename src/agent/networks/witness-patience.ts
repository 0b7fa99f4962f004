import type { WitnessSight } from "./witness-sight.js";

/** Milliseconds without a peer after which it is long decided who holds the virtual IPs. */
const decided = 5_000;
/** Milliseconds that a witness may be silent from then on. */
const patient = 3_000;

/**
 * How long a witness may be silent. At a cut little, since two hold the virtual IPs meanwhile. A node that has long been
 * alone would give up what nobody else has, for a few lost pings. One that is silent stays so until it answers.
 */
export class WitnessPatience {
  private silent: ReadonlySet<string>;

  /** @param hasty milliseconds at a cut @param silent what the agent before this one knew */
  constructor(
    private readonly hasty: number,
    silent: readonly string[] = [],
  ) {
    this.silent = new Set(silent);
  }

  /** @param alone milliseconds since a peer was heard */
  with(address: string, alone: number): number {
    return alone < decided || this.silent.has(address) ? this.hasty : patient;
  }

  saw(sights: readonly WitnessSight[]): void {
    this.silent = new Set(sights.flatMap(({ address, sight }) => (sight === "silent" ? [address] : [])));
  }
}
