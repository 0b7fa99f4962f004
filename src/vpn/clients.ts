import { covers, parsePrefix } from "../topology/address.js";
import type { HookEvent } from "./hook-event.js";
import { keyOf, type Login, type Session } from "./session.js";
import type { ListedSession } from "./status3.js";

export type ClientEvent =
  | HookEvent
  /** By the management interface, behind all hooks of a login. */
  | { readonly kind: "established"; readonly login: Login; readonly cid: number };

/** Something that is reached through a client which is here. */
export interface Presence {
  /** A prefix in canonical text. */
  readonly destination: string;
  readonly name: string;
  /** Whole seconds since 1970. */
  readonly since: number;
  /** What the management interface calls its session; null until it told. */
  readonly cid: number | null;
  /** It was seen coming; else it was found here, and may be older than what others tell. */
  readonly arrived: boolean;
}

/** `came` stands also for another login of whoever was there. */
export interface Change {
  readonly kind: "came" | "went";
  readonly presence: Presence;
}

interface Known extends Session {
  cid: number | null;
  readonly arrived: boolean;
  /** What is reached through it. */
  readonly destinations: Set<string>;
}

/** Ends of sessions, and destinations that went, that are known until a snapshot that was asked for later makes that knowledge needless. */
const mostGone = 4_096;

/**
 * The clients of this server's OpenVPN, from what it tells in three ways that overtake one another and may lose something.
 * Order is the order in which things are heard here: what was heard before a snapshot was asked for is in it or is over;
 * what was heard since may be newer than it, and stands until the next one. An event costs what it changes, not what there is.
 */
export class Clients {
  readonly #owners = new Map<string, Known>();
  readonly #present = new Map<string, Presence>();
  readonly #sessions = new Map<string, Known>();
  /** Those of one name that came in one second. */
  readonly #alike = new Map<string, Set<Known>>();
  /** When it was heard of their end, by key. */
  readonly #ended = new Map<string, number>();
  /** Through whom nothing is reached, by the latest snapshot: another of the same certificate has the address. */
  #idle = new Set<string>();
  /** When an event last told of each destination, also of one that is nobody's since. */
  readonly #told = new Map<string, number>();
  /** Of the word that is being heard: sessions that are new, those that lost something, destinations as they were before it. */
  readonly #comers = new Set<Known>();
  readonly #losers = new Set<Known>();
  readonly #before = new Map<string, Presence | undefined>();
  #touched = new Set<string>();
  #turn = 0;
  #counted = false;

  /** What is reached through whom, by destination: as it is whenever it is looked at. */
  get present(): ReadonlyMap<string, Presence> {
    return this.#present;
  }

  /** The destinations of which anything changed since this was last asked, and be it a session's number. */
  touched(): ReadonlySet<string> {
    const touched = this.#touched;
    this.#touched = new Set();
    return touched;
  }

  hear(event: ClientEvent): Change[] {
    return this.#changes(() => {
      this.#turn += 1;
      if (event.kind === "disconnect") this.#end(event.session);
      else if (event.kind === "learn") this.#learn(event.session, event.destination);
      else this.#login(event);
      // Whoever lost all to another is a ghost, which no late word brings back.
      for (const known of this.#losers)
        if (known.destinations.size === 0) this.#ended.set(keyOf(known), this.#turn);
      forget(this.#ended, mostGone);
      forget(this.#told, this.#owners.size + mostGone);
    });
  }

  /** A snapshot is asked for. @returns what belongs to the answer */
  ask(): number {
    this.#turn += 1;
    return this.#turn;
  }

  /** The answer to what was asked at `asked`. */
  snapshot(asked: number, sessions: readonly ListedSession[]): Change[] {
    return this.#changes(() => {
      const listed = new Map<string, Known>();
      this.#idle = new Set();
      for (const session of sessions) {
        // Its end was heard while the answer was on its way.
        if ((this.#ended.get(keyOf(session)) ?? 0) > asked) continue;
        const known = this.#known(session, this.#counted);
        this.#number(known, session.cid);
        if (session.destinations.length === 0) this.#idle.add(keyOf(session));
        for (const destination of session.destinations) listed.set(destination, known);
      }
      // An event has told otherwise since, or that nobody has it any more.
      const isNewer = (destination: string) => (this.#told.get(destination) ?? 0) > asked;
      for (const destination of this.#owners.keys())
        if (!listed.has(destination) && !isNewer(destination)) this.#disown(destination);
      for (const [destination, known] of listed) if (!isNewer(destination)) this.#give(destination, known);
      for (const times of [this.#ended, this.#told])
        for (const [key, turn] of times) if (turn <= asked) times.delete(key);
      this.#counted = true;
    });
  }

  /** OpenVPN is gone, and all its clients with it. */
  daemonEnded(): Change[] {
    return this.#changes(() => {
      for (const destination of this.#owners.keys()) this.#disown(destination);
    });
  }

  #login(event: Exclude<ClientEvent, { kind: "disconnect" | "learn" }>): void {
    const { session, destinations } = event.login;
    const key = keyOf(session);
    // Hooks come in their own order: this one is of a new login, however like the one that ended. Other words may be late.
    if (event.kind === "connect") this.#ended.delete(key);
    else if (this.#ended.has(key)) return;
    // Hooks said it already; since then an address may have become another's.
    const told = event.kind === "established" && this.#sessions.has(key);
    const known = this.#known(session, true);
    if (event.kind === "established") this.#number(known, event.cid);
    if (!told) for (const destination of destinations) this.#own(destination, known);
  }

  /** OpenVPN also tells of single addresses in a prefix behind a client, as packets come from them. */
  #learn(session: Session, destination: string): void {
    if (this.#ended.has(keyOf(session))) return;
    const known = this.#known(session, true);
    const within = [...known.destinations].some((other) => isIn(other, destination));
    if (!within) this.#own(destination, known);
  }

  #own(destination: string, known: Known): void {
    this.#give(destination, known);
    this.#tell(destination);
  }

  #give(destination: string, known: Known): void {
    const owner = this.#owners.get(destination);
    if (owner === known) return;
    if (owner !== undefined) this.#disown(destination);
    this.#touch(destination);
    this.#owners.set(destination, known);
    known.destinations.add(destination);
    this.#present.set(destination, presenceOf(destination, known));
  }

  #disown(destination: string): void {
    const owner = this.#owners.get(destination);
    if (owner === undefined) return;
    this.#touch(destination);
    this.#owners.delete(destination);
    this.#present.delete(destination);
    owner.destinations.delete(destination);
    this.#losers.add(owner);
  }

  #number(known: Known, cid: number): void {
    if (known.cid === cid) return;
    known.cid = cid;
    for (const destination of known.destinations) {
      this.#touch(destination);
      this.#present.set(destination, presenceOf(destination, known));
    }
  }

  #touch(destination: string): void {
    if (!this.#before.has(destination)) this.#before.set(destination, this.#present.get(destination));
    this.#touched.add(destination);
  }

  /** The latest stand last: the oldest are forgotten first. */
  #tell(destination: string): void {
    this.#told.delete(destination);
    this.#told.set(destination, this.#turn);
  }

  #known(session: Session, arrived: boolean): Known {
    const key = keyOf(session);
    const there = this.#sessions.get(key);
    if (there !== undefined) return there;
    const { name, since, from } = session;
    const known: Known = { name, since, from, cid: null, arrived, destinations: new Set() };
    this.#sessions.set(key, known);
    const alike = this.#alike.get(loginOf(known));
    if (alike === undefined) this.#alike.set(loginOf(known), new Set([known]));
    else alike.add(known);
    this.#comers.add(known);
    return known;
  }

  /** A client that moved (`float`) may have been known by its earlier address; one of whom nothing was left did not move. */
  #end(session: Session): void {
    const key = keyOf(session);
    const isBare = this.#ended.has(key) || this.#idle.has(key);
    const alike = [...(this.#alike.get(loginOf(session)) ?? [])];
    const exact = this.#sessions.get(key);
    const ended = exact ?? (alike.length === 1 && !isBare ? alike[0] : undefined);
    this.#ended.set(key, this.#turn);
    for (const destination of ended?.destinations ?? []) {
      this.#disown(destination);
      this.#tell(destination);
    }
  }

  #changes(happen: () => void): Change[] {
    for (const each of [this.#comers, this.#losers, this.#before]) each.clear();
    happen();
    // Through a session without a destination nothing is reached.
    for (const known of [...this.#comers, ...this.#losers])
      if (known.destinations.size === 0) this.#drop(known);
    const went: Change[] = [];
    const came: Change[] = [];
    for (const [destination, before] of this.#before) {
      const after = this.#present.get(destination);
      if (after === undefined) {
        if (before !== undefined) went.push({ kind: "went", presence: before });
      } else if (!sameLogin(before, after)) came.push({ kind: "came", presence: after });
    }
    return [...went, ...came];
  }

  #drop(known: Known): void {
    this.#sessions.delete(keyOf(known));
    const alike = this.#alike.get(loginOf(known));
    alike?.delete(known);
    if (alike?.size === 0) this.#alike.delete(loginOf(known));
  }
}

/** The oldest beyond so many. */
function forget(times: Map<string, number>, most: number): void {
  // First of all: what was deleted from a map is passed over one by one.
  if (times.size <= most) return;
  for (const key of times.keys()) {
    if (times.size <= most) break;
    times.delete(key);
  }
}

/** Whether two are of one login. */
export const sameLogin = (
  a: Pick<Presence, "name" | "since"> | undefined,
  b: Pick<Presence, "name" | "since">,
): boolean => a?.name === b.name && a.since === b.since;

/** Of several sessions, where a client came twice within a second. */
const loginOf = ({ name, since }: Pick<Session, "name" | "since">): string => `${since} ${name}`;

const presenceOf = (destination: string, { name, since, cid, arrived }: Known): Presence => ({
  ...{ destination, name, since, cid, arrived },
});

function isIn(outer: string, inner: string): boolean {
  const [a, b] = [parsePrefix(outer), parsePrefix(inner)];
  return outer !== inner && "value" in a && "value" in b && covers(a.value, b.value);
}
