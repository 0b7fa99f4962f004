import { message } from "../openflow/message.js";
import { typesOf } from "../openflow/message-type.js";
import { Kind } from "../openflow/request-kind.js";
import type { Outlet } from "./outlet.js";
import { barrierAfter, needsBarrier } from "./quotas.js";
import type { XidTable } from "./xid-table.js";

/** Milliseconds that requests wait for somebody's barrier, where they are more than a few: memory is what each costs. */
const patience = 1_000;
const few = 64;

const controllers = ["pool", "master"] as const;

/** Sees to it that what only a barrier closes does not wait for one for long, by barriers of the multiplexer's own. */
export class Settling {
  /** The number of the one that is on its way; null while there is none. */
  #own: number | null = null;
  /** The switch refused one, or did not answer: it is asked for no other. */
  #isVain = false;

  constructor(
    private readonly table: XidTable,
    private readonly out: Outlet,
  ) {}

  /** After something that a controller said: behind many requests, or old ones. @param version the session's; 0 while it is not known */
  settle(version: number, now: number): void {
    const isMuch = needsBarrier(this.table, "pool") || needsBarrier(this.table, "master");
    if (isMuch && this.#isVain) this.#letGo();
    else if (isMuch || this.#isOld(now)) this.#ask(version, now);
  }

  /** Nothing more answers this number. @param isPassed whether a BARRIER_REPLY did */
  closed(number: number, isPassed: boolean): void {
    if (number !== this.#own) return;
    this.#own = null;
    if (isPassed) return;
    this.#isVain = true;
    this.#letGo();
  }

  #isOld(now: number): boolean {
    const { unsettledSince: since } = this.table;
    if (since === null || now - since < patience) return false;
    return this.table.of("pool").unanswered + this.table.of("master").unanswered >= few;
  }

  #ask(version: number, now: number): void {
    if (this.#own !== null || this.#isVain || version === 0) return;
    this.#own = this.table.add("multiplexer", Kind.barrier, 0, now);
    this.out.say(message(version, typesOf(version).barrierRequest, this.#own));
  }

  /** An error to one of the oldest finds nobody then; else no controller could go on. */
  #letGo(): void {
    for (const who of controllers)
      if (needsBarrier(this.table, who)) this.table.letGo(who, barrierAfter[who] / 2);
  }
}
