import type { Event } from "../api/event.js";
import { begun, firstNotice, type Incident, joined, lastNotice, type Place, without } from "./incident.js";
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

/**
 * Makes notices of a node's events: one when something happens, with all that came of it, and one when it is over.
 * Moments are milliseconds of the caller's clock.
 */
export class Incidents {
  #gathering: { readonly incident: Incident; readonly until: number } | null = null;
  #drill: string | null = null;
  #ready: Notice[] = [];

  /** @param lasting what was not over when the agent ended */
  constructor(
    private readonly place: Place,
    private lasting: readonly Incident[] = [],
  ) {}

  /** What is not over. */
  get open(): readonly Incident[] {
    return this.lasting;
  }

  /** When there will be something to tell; null while that is open. */
  get dueAt(): number | null {
    if (this.#ready.length > 0) return Number.NEGATIVE_INFINITY;
    return this.#gathering?.until ?? null;
  }

  take(event: Event, standing: Standing, now: number): void {
    const meaning = meaningOf(event);
    if (event.kind === "drill") this.#drill = drillIn(event);
    if (meaning === null) return;
    if (meaning.handedOver) this.#handOver();
    this.#close(event, meaning.closes);
    const isKnown = meaning.opens.length > 0 && meaning.opens.every((name) => this.#isOpen(name));
    const isOver = meaning.closes.length > 0 && meaning.opens.length === 0;
    if (meaning.handedOver || isKnown || isOver || !tells(meaning.teller, this.place.node, standing)) return;
    this.#add(event, meaning, now);
  }

  /** What is to be told now; each is given once. */
  due(now: number): Notice[] {
    if (this.#gathering !== null && now >= this.#gathering.until) {
      const { incident } = this.#gathering;
      this.#gathering = null;
      if (!incident.handedOver) this.#ready.push(firstNotice(incident));
      if (incident.open.length > 0) this.lasting = [...this.lasting, incident].slice(-most);
    }
    return this.#ready.splice(0);
  }

  #add(event: Event, meaning: Meaning, now: number): void {
    // What went as it was meant to is no part of what goes wrong at the same time.
    if (meaning.weight === "info" && meaning.opens.length === 0) {
      this.#ready.push(firstNotice(begun(this.place, event, meaning, this.#drill)));
      return;
    }
    const { incident, until } = this.#gathering ?? { incident: null, until: now + together };
    this.#gathering = {
      incident:
        incident === null ? begun(this.place, event, meaning, this.#drill) : joined(incident, event, meaning),
      until,
    };
  }

  #close(event: Event, closes: readonly string[]): void {
    if (closes.length === 0) return;
    if (this.#gathering !== null)
      this.#gathering = { ...this.#gathering, incident: without(this.#gathering.incident, closes) };
    const now = this.lasting.map((incident) => without(incident, closes));
    this.#ready.push(
      ...now.filter(({ open }) => open.length === 0).map((incident) => lastNotice(incident, event)),
    );
    this.lasting = now.filter(({ open }) => open.length > 0);
  }

  #handOver(): void {
    if (this.#gathering === null) return;
    const { incident, until } = this.#gathering;
    this.#gathering = { incident: { ...incident, handedOver: true }, until };
  }

  #isOpen(name: string): boolean {
    const known = [...this.lasting, ...(this.#gathering === null ? [] : [this.#gathering.incident])];
    return known.some(({ open }) => open.includes(name));
  }
}

const drillIn = ({ details: { outcome, drill } }: Event): string | null =>
  outcome === "begins" && typeof drill === "string" ? drill : null;
