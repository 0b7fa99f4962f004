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
  /** Since when each is being asked. */
  private readonly since = new Map<string, number>();

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

  /** The same sights; but one that has only just begun to be asked may be as slow as the first way to it. */
  saw(sights: readonly WitnessSight[], now: number): WitnessSight[] {
    for (const { address, sight } of sights)
      if (sight === "unasked") this.since.delete(address);
      else if (!this.since.has(address)) this.since.set(address, now);
    const judged = sights.map((each): WitnessSight => {
      const isNew = now - (this.since.get(each.address) ?? now) < this.hasty;
      const isSilent = each.sight === "silent" && (!isNew || this.silent.has(each.address));
      return each.sight === "silent" && !isSilent ? { ...each, sight: "unasked" } : each;
    });
    this.silent = new Set(judged.flatMap(({ address, sight }) => (sight === "silent" ? [address] : [])));
    return judged;
  }
}
