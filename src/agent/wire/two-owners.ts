/** How it is known that somebody else acts as the owner. */
export type Means = "beats" | "adverts" | "claims";

/** Somebody else acts as the owner of a network's virtual IPs. */
export interface Rival {
  readonly network: string;
  /** A node's name, or what is known of a stranger. */
  readonly peer: string;
  readonly means: Means;
  /** A sentence: what was seen, and from where. */
  readonly words: string;
}

/** Two owners, at this moment. Times are milliseconds of the caller's steady clock. */
export interface TwoOwners {
  readonly network: string;
  readonly peer: string;
  readonly since: number;
  /** One sentence a means. */
  readonly evidence: readonly string[];
}

export interface Verdict {
  readonly begun: readonly TwoOwners[];
  readonly ended: readonly (TwoOwners & {
    readonly until: number;
    /** The peer itself said that it no longer is. */
    readonly denied: boolean;
  })[];
}

/** Milliseconds that two owners must last to be an alarm: a move has both for a moment. */
const lasting = 1_000;

/** Somebody who changes his address with each frame is one stranger. */
const [mostNamed, others] = [16, "others"];

/** How long one sighting speaks for its peer, in milliseconds. */
export type Windows = Readonly<Record<Means, number>>;

interface Suspicion {
  readonly network: string;
  readonly peer: string;
  readonly since: number;
  readonly seen: ReadonlyMap<Means, { readonly at: number; readonly words: string }>;
  /** Its beats say otherwise since. */
  readonly denied: boolean;
  readonly told: boolean;
}

/** Whether anybody else acts as owner of what this node owns, and since when. */
export class OwnerRivalry {
  private readonly owned = new Map<string, number>();
  private suspicions: readonly Suspicion[] = [];

  constructor(private readonly windows: Windows) {}

  /** This node became or ceased to be the owner. */
  own(network: string, owner: boolean, now: number): void {
    if (!owner) this.owned.delete(network);
    else if (!this.owned.has(network)) this.owned.set(network, now);
  }

  owns(network: string): boolean {
    return this.owned.has(network);
  }

  /** Counts only while this node is the owner. */
  sees({ network, peer: name, means, words }: Rival, at: number): void {
    const peer = this.isOneTooMany(network, name) ? others : name;
    const owner = this.owned.get(network);
    if (owner === undefined || at < owner) return;
    const old = this.suspicions.find((each) => each.network === network && each.peer === peer);
    const alive = old !== undefined && at <= this.expiry(old);
    const seen = new Map(alive ? old.seen : []).set(means, { at, words });
    const denied = means !== "beats" && alive && old.denied;
    const next = { network, peer, since: alive ? old.since : at, seen, denied, told: old?.told ?? false };
    this.suspicions = [...this.suspicions.filter((each) => each !== old), next];
  }

  /** The peer itself says that it no longer is: its earlier words count no more. */
  denies(network: string, peer: string): void {
    this.suspicions = this.suspicions.map((each) => {
      if (each.network !== network || each.peer !== peer) return each;
      return { ...each, denied: true };
    });
  }

  /** What has begun or ended since the last time. */
  judge(now: number): Verdict {
    const over = (each: Suspicion): boolean => !this.owned.has(each.network) || now > this.expiry(each);
    const ended = this.suspicions
      .filter((each) => each.told && over(each))
      .map((each) => ({ ...asTwoOwners(each), until: lastSeen(each), denied: each.denied }));
    const left = this.suspicions.filter((each) => !over(each));
    const begins = (each: Suspicion): boolean => !each.told && lastSeen(each) - each.since >= lasting;
    const begun = left.filter(begins).map(asTwoOwners);
    this.suspicions = left.map((each) => (begins(each) ? { ...each, told: true } : each));
    return { begun, ended };
  }

  /** Every pair of owners that has lasted long enough to be told. */
  get current(): TwoOwners[] {
    return this.suspicions.filter(({ told }) => told).map(asTwoOwners);
  }

  /** Whether a router still says that it owns it; a claim, which speaks for long, may be of one that has left. */
  disputed(network: string): boolean {
    return this.suspicions.some(
      (each) =>
        each.network === network && !each.denied && [...each.seen.keys()].some((means) => means !== "claims"),
    );
  }

  /** Whether there is anything to judge. */
  get suspicious(): boolean {
    return this.suspicions.length > 0;
  }

  private isOneTooMany(network: string, peer: string): boolean {
    const known = this.suspicions.filter((each) => each.network === network);
    return known.length >= mostNamed && !known.some((each) => each.peer === peer);
  }

  /** Claims are rare, so that one speaks for long; but only where there is nothing else to go by. */
  private expiry({ seen, denied }: Suspicion): number {
    const others = [...seen].filter(([means]) => means !== "claims");
    const ends = (others.length === 0 ? [...seen] : others).map(
      ([means, { at }]) => at + (denied && means === "beats" ? 0 : this.windows[means]),
    );
    return Math.max(...ends);
  }
}

const lastSeen = ({ seen }: Suspicion): number => Math.max(...[...seen.values()].map(({ at }) => at));

const asTwoOwners = ({ network, peer, since, seen }: Suspicion): TwoOwners => ({
  network,
  peer,
  since,
  evidence: [...seen.values()].map(({ words }) => words),
});
