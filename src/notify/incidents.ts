import type { Event } from "../api/event.js";
import {
  begun,
  firstNotice,
  type Incident,
  joined,
  lastNotice,
  merged,
  type Place,
  without,
} from "./incident.js";
import { type Meaning, meaningOf } from "./meaning.js";
import type { Notice } from "./notice.js";
import { type Standing, tells } from "./teller.js";

/**
 * Milliseconds from the first event of a cause until it is told: a takeover is understood 3.3 s after it happened, and a peer's
 * silence counts from 1 s on. What comes within this time is taken to be of one cause.
 */
const together = 5_000;

/** Causes that are remembered until they are over. */
const most = 256;

/** A cause whose events have come together, and whether this node told it: then it tells the end as well. */
export interface Lasting {
  readonly incident: Incident;
  readonly told: boolean;
}

/**
 * Makes notices of a node's events: one when something happens, with all that came of it, and one when it is over. Every
 * node follows all that it knows; which of them tells it is asked when it is told. Moments are milliseconds of the caller's clock.
 */
export class Incidents {
  #gathering: { readonly incident: Incident; readonly until: number } | null = null;
  #drill: string | null = null;
  /** What went as it was meant to, and waits for nothing. */
  #plain: Incident[] = [];
  #over: Notice[] = [];

  /** @param lasting what was not over when the agent ended */
  constructor(
    private readonly place: Place,
    private lasting: readonly Lasting[] = [],
  ) {}

  /** What is not over. */
  get open(): readonly Lasting[] {
    return this.lasting;
  }

  /** When there will be something to tell; null while that is open. */
  get dueAt(): number | null {
    if (this.#over.length + this.#plain.length > 0) return Number.NEGATIVE_INFINITY;
    return this.#gathering?.until ?? null;
  }

  take(event: Event, now: number): void {
    const meaning = meaningOf(event);
    if (event.kind === "drill") this.#drill = drillIn(event);
    if (meaning === null) return;
    this.#close(event, meaning.closes);
    if (meaning.handedOver) this.#handOver();
    else if (isNews(meaning, (name) => this.#isOpen(name))) this.#add(event, meaning, now);
  }

  /** What this node is to tell now; each is given once. */
  due(now: number, standing: Standing): Notice[] {
    const mine = ({ told }: Incident) => told.some(({ teller }) => tells(teller, this.place.node, standing));
    const notices = [...this.#plain.splice(0).filter(mine).map(firstNotice), ...this.#over.splice(0)];
    if (this.#gathering === null || now < this.#gathering.until || standing.isExplaining) return notices;
    const { incident } = this.#gathering;
    this.#gathering = null;
    const told = mine(incident);
    if (incident.open.length > 0) this.#remember({ incident, told });
    return told ? [...notices, firstNotice(incident)] : notices;
  }

  #add(event: Event, meaning: Meaning, now: number): void {
    const fresh = () => begun(this.place, event, meaning, this.#drill);
    // What went as it was meant to is no part of what goes wrong at the same time.
    if (meaning.weight === "info" && meaning.opens.length === 0) {
      this.#plain.push(fresh());
      return;
    }
    this.#gathering =
      this.#gathering === null
        ? { incident: fresh(), until: now + together }
        : { ...this.#gathering, incident: joined(this.#gathering.incident, event, meaning) };
    if (event.kind === "role") this.#takeOver(this.#gathering);
  }

  /** What it did not have to tell while another node had the virtual IPs is why it has them now. */
  #takeOver({ incident, until }: { readonly incident: Incident; readonly until: number }): void {
    const untold = this.lasting.filter(({ told }) => !told).map((each) => each.incident);
    this.lasting = this.lasting.filter(({ told }) => told);
    this.#gathering = { incident: untold.reduce(merged, incident), until };
  }

  #close(event: Event, closes: readonly string[]): void {
    if (closes.length === 0) return;
    if (this.#gathering !== null)
      this.#gathering = { ...this.#gathering, incident: without(this.#gathering.incident, closes) };
    const now = this.lasting.map((each) => ({ ...each, incident: without(each.incident, closes) }));
    this.#over.push(
      ...now
        .filter(({ incident, told }) => told && incident.open.length === 0)
        .map(({ incident }) => lastNotice(incident, event)),
    );
    this.lasting = now.filter(({ incident }) => incident.open.length > 0);
  }

  /** The node that takes the virtual IPs tells why: of this one's own faults, which were the reason, nothing more is said. */
  #handOver(): void {
    if (this.#gathering === null) return;
    const { incident } = this.#gathering;
    if (incident.told.some(({ event }) => event.kind !== "fault")) return;
    this.#gathering = null;
    if (incident.open.length > 0) this.#remember({ incident, told: false });
  }

  #remember(lasting: Lasting): void {
    this.lasting = [...this.lasting, lasting].slice(-most);
  }

  #isOpen(name: string): boolean {
    const gathering = this.#gathering?.incident.open ?? [];
    return gathering.includes(name) || this.lasting.some(({ incident }) => incident.open.includes(name));
  }
}

/** Not what is known already, nor only an end. */
const isNews = ({ opens, closes }: Meaning, isOpen: (name: string) => boolean): boolean =>
  opens.length === 0 ? closes.length === 0 : !opens.every(isOpen);

const drillIn = ({ details: { outcome, drill } }: Event): string | null =>
  outcome === "begins" && typeof drill === "string" ? drill : null;
