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
}

/** Requests at most that may be open at once: the next ones wait. */
export const mostOpen = 65_536;

/** Milliseconds after which a request that nobody answered is forgotten: longer than any controller waits. */
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
  /** Those among them that no message answers. */
  #unanswered = 0;
  #given = 0;

  /** @param next the number of the first request; what comes behind the greatest one is 1 */
  constructor(private next = 1) {}

  get size(): number {
    return this.#open.size;
  }

  get unanswered(): number {
    return this.#unanswered;
  }

  get full(): boolean {
    return this.#open.size >= mostOpen;
  }

  /** @returns the number under which the switch hears of it */
  add(party: Party, kind: Kind, xid: number, at: number): number {
    // 0 is what a switch's own messages have.
    while (this.next === 0 || this.#open.has(this.next)) this.#skip();
    const number = this.next;
    this.#skip();
    this.#open.set(number, { party, kind, xid, at });
    if (unanswered(kind)) this.#unanswered += 1;
    return number;
  }

  /** Whether some request had this number, as far as can be told from where the numbers are. */
  wasGiven(number: number): boolean {
    return (this.next - number - 1) >>> 0 < this.#given;
  }

  find(number: number): Request | undefined {
    return this.#open.get(number);
  }

  /** Answered, wholly. A barrier that is passed says that of all before it which are answered by failing alone (OpenFlow 1.3.5, 7.3.8). */
  close(number: number): void {
    const request = this.#open.get(number);
    if (request === undefined) return;
    this.#delete(number, request);
    if (request.kind !== Kind.barrier) return;
    for (const [earlier, each] of this.#open) {
      // In the order in which they were sent, whatever their numbers.
      if (((earlier - number) | 0) > 0) break;
      if (unanswered(each.kind)) this.#delete(earlier, each);
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
      if (request.party === controller) this.#open.set(number, { ...request, party: "multiplexer" });
  }

  #skip(): void {
    this.next = (this.next + 1) >>> 0;
    this.#given += 1;
  }

  #delete(number: number, request: Request): void {
    this.#open.delete(number);
    if (unanswered(request.kind)) this.#unanswered -= 1;
  }
}
