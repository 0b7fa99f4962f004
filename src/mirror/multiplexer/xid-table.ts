import { Kind } from "../openflow/request-kind.js";

/** Who asks: a controller of the service's own pool, the master controller, or the multiplexer itself. */
export type Controller = "pool" | "master";
export type Party = Controller | "multiplexer";

export interface Request {
  readonly party: Party;
  readonly kind: Kind;
  /** The number that whoever asked gave it. */
  readonly xid: number;
  readonly at: number;
  /** The bundle that it opens, closes, commits or discards. */
  readonly bundle: number | null;
}

/** Milliseconds after which a request that nobody answered, or went on answering, is forgotten: longer than any controller waits. */
const patience = 60_000;

/** Kinds that no message answers, if nothing is wrong with them: a BARRIER_REPLY behind them says that nothing was. */
export const unanswered = (kind: Kind): boolean =>
  kind === Kind.write || kind === Kind.setAsync || kind === Kind.bundleAdd || kind === Kind.experimenter;

/**
 * The numbers (xid) under which the requests of several controllers stand on one connection to a switch. Each has a
 * number of its own, so that what answers it finds whoever asked. Nothing is forgotten while it may be answered.
 */
export class XidTable {
  readonly #open = new Map<number, Request>();
  /** How many of each party's are open, and how many among them that no message answers. */
  readonly #counts: Readonly<Record<Party, { open: number; unanswered: number }>> = {
    pool: { open: 0, unanswered: 0 },
    master: { open: 0, unanswered: 0 },
    multiplexer: { open: 0, unanswered: 0 },
  };
  #given = 0;
  #unsettledSince: number | null = null;

  /** @param next the number of the first request; what comes behind the greatest one is 1 */
  constructor(private next = 1) {}

  get size(): number {
    return this.#open.size;
  }

  /** Of one party's, those that may still be answered, and those among them that only failing answers. */
  of(party: Party): { readonly open: number; readonly unanswered: number } {
    return this.#counts[party];
  }

  /** When the first request was made that only failing answers, and behind which no barrier was asked for; null where there is none. */
  get unsettledSince(): number | null {
    return this.#unsettledSince;
  }

  /** Whether no number was given yet. */
  get isFresh(): boolean {
    return this.#given === 0;
  }

  /** @returns the number under which the switch hears of it */
  add(party: Party, kind: Kind, xid: number, at: number, bundle: number | null = null): number {
    const number = this.give();
    this.#insert(number, { party, kind, xid, at, bundle });
    if (kind === Kind.barrier) this.#unsettledSince = null;
    else if (this.#unsettledSince === null && unanswered(kind)) this.#unsettledSince = at;
    return number;
  }

  /** A number for a request that is kept account of elsewhere. */
  give(): number {
    // 0 is what a switch's own messages have.
    while (this.next === 0 || this.#open.has(this.next)) this.#skip();
    const number = this.next;
    this.#skip();
    return number;
  }

  /** Whether some request had this number, as far as can be told from where the numbers are. */
  wasGiven(number: number): boolean {
    return (this.next - number - 1) >>> 0 < this.#given;
  }

  find(number: number): Request | undefined {
    return this.#open.get(number);
  }

  /** Answered, wholly. */
  close(number: number): void {
    const request = this.#open.get(number);
    if (request !== undefined) this.#delete(number, request);
  }

  /** Answered in part: the rest may take as long again. */
  renew(number: number, now: number): void {
    const request = this.#open.get(number);
    if (request === undefined) return;
    this.#delete(number, request);
    this.#insert(number, { ...request, at: now });
  }

  /** A barrier was passed: nothing is wrong with all before it that is answered by failing alone (OpenFlow 1.3.5, 7.3.8). */
  passed(barrier: number): void {
    for (const [earlier, each] of this.#open) {
      // In the order in which they were sent, whatever their numbers; what was renewed stands behind all, and is answered.
      if (((earlier - barrier) | 0) > 0) break;
      if (unanswered(each.kind)) this.#delete(earlier, each);
    }
  }

  /** The oldest of this controller's that only failing answers are forgotten, all but so many. */
  letGo(controller: Controller, keep: number): void {
    for (const [number, each] of this.#open) {
      if (this.#counts[controller].unanswered <= keep) return;
      if (each.party === controller && unanswered(each.kind)) this.#delete(number, each);
    }
  }

  /** What is long past is forgotten. @returns what of it should have been answered */
  expire(now: number): [number, Request][] {
    const missed: [number, Request][] = [];
    for (const [number, request] of this.#open) {
      if (now - request.at < patience) break;
      this.#delete(number, request);
      if (!unanswered(request.kind)) missed.push([number, request]);
    }
    return missed;
  }

  /** This controller went: what answers it is for nobody. */
  disown(controller: Controller): void {
    for (const [number, request] of this.#open)
      if (request.party === controller) {
        this.#count(request, -1);
        const disowned: Request = { ...request, party: "multiplexer" };
        this.#open.set(number, disowned);
        this.#count(disowned, 1);
      }
  }

  #skip(): void {
    this.next = (this.next + 1) >>> 0;
    this.#given += 1;
  }

  #insert(number: number, request: Request): void {
    this.#open.set(number, request);
    this.#count(request, 1);
  }

  #delete(number: number, request: Request): void {
    this.#open.delete(number);
    this.#count(request, -1);
  }

  #count({ party, kind }: Request, change: 1 | -1): void {
    this.#counts[party].open += change;
    if (unanswered(kind)) this.#counts[party].unanswered += change;
  }
}
