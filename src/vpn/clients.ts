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
  arrived: boolean;
}

/** Ends of sessions, and destinations that went, that are known until a snapshot that was asked for later makes that knowledge needless. */
const mostGone = 4_096;

/**
 * The clients of this server's OpenVPN, from what it tells in three ways that overtake one another and may lose something.
 * Order is the order in which things are heard here: what was heard before a snapshot was asked for is in it or is over;
 * what was heard since may be newer than it, and stands until the next one.
 */
export class Clients {
  #owners = new Map<string, Known>();
  readonly #sessions = new Map<string, Known>();
  /** When it was heard of their end, by key. */
  readonly #ended = new Map<string, number>();
  /** Through whom nothing is reached, by the latest snapshot: another of the same certificate has the address. */
  #idle = new Set<string>();
  /** When an event last told of each destination, also of one that is nobody's since. */
  readonly #told = new Map<string, number>();
  #turn = 0;
  #counted = false;

  /** What is reached through whom, by destination. */
  get present(): ReadonlyMap<string, Presence> {
    return new Map(
      [...this.#owners].map(([destination, { name, since, cid, arrived }]) => [
        destination,
        { destination, name, since, cid, arrived },
      ]),
    );
  }

  hear(event: ClientEvent): Change[] {
    return this.#changes(() => {
      this.#turn += 1;
      const before = new Set(this.#owners.values());
      if (event.kind === "disconnect") this.#end(event.session);
      else if (event.kind === "learn") this.#learn(event.session, event.destination);
      else this.#login(event);
      // Whoever lost all to another is a ghost, which no late word brings back.
      const left = new Set(this.#owners.values());
      for (const known of before) if (!left.has(known)) this.#ended.set(keyOf(known), this.#turn);
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
      const before = this.#owners;
      this.#owners = new Map();
      this.#idle = new Set();
      for (const listed of sessions) {
        // Its end was heard while the answer was on its way.
        if ((this.#ended.get(keyOf(listed)) ?? 0) > asked) continue;
        const known = this.#known(listed, this.#counted);
        known.cid = listed.cid;
        if (listed.destinations.length === 0) this.#idle.add(keyOf(listed));
        for (const destination of listed.destinations) this.#owners.set(destination, known);
      }
      // An event has told otherwise since, or that nobody has it any more.
      for (const [destination, turn] of this.#told) {
        if (turn <= asked) continue;
        const owner = before.get(destination);
        if (owner === undefined) this.#owners.delete(destination);
        else this.#owners.set(destination, owner);
      }
      for (const times of [this.#ended, this.#told])
        for (const [key, turn] of times) if (turn <= asked) times.delete(key);
      this.#counted = true;
    });
  }

  /** OpenVPN is gone, and all its clients with it. */
  daemonEnded(): Change[] {
    return this.#changes(() => this.#owners.clear());
  }

  #login(event: Exclude<ClientEvent, { kind: "disconnect" | "learn" }>): void {
    const { session, destinations } = event.login;
    // Hooks come in their own order: this one is of a new login, however like the one that ended. Other words may be late.
    if (event.kind === "connect") this.#ended.delete(keyOf(session));
    else if (this.#ended.has(keyOf(session))) return;
    // Hooks said it already; since then an address may have become another's.
    const told = event.kind === "established" && this.#sessions.has(keyOf(session));
    const known = this.#known(session, true);
    if (event.kind === "established") known.cid = event.cid;
    if (!told) for (const destination of destinations) this.#own(destination, known);
  }

  /** OpenVPN also tells of single addresses in a prefix behind a client, as packets come from them. */
  #learn(session: Session, destination: string): void {
    if (this.#ended.has(keyOf(session))) return;
    const known = this.#known(session, true);
    const within = [...this.#owners].some(([other, owner]) => owner === known && isIn(other, destination));
    if (!within) this.#own(destination, known);
  }

  #own(destination: string, known: Known): void {
    this.#owners.set(destination, known);
    this.#tell(destination);
  }

  /** The latest stand last: the oldest are forgotten first. */
  #tell(destination: string): void {
    this.#told.delete(destination);
    this.#told.set(destination, this.#turn);
  }

  #known(session: Session, arrived: boolean): Known {
    const key = keyOf(session);
    const { name, since, from } = session;
    const known = this.#sessions.get(key) ?? { name, since, from, cid: null, arrived };
    this.#sessions.set(key, known);
    return known;
  }

  /** A client that moved (`float`) may have been known by its earlier address; one of whom nothing was left did not move. */
  #end(session: Session): void {
    const key = keyOf(session);
    const isBare = this.#ended.has(key) || this.#idle.has(key);
    const alike = [...this.#sessions.values()].filter(
      ({ name, since }) => name === session.name && since === session.since,
    );
    const exact = this.#sessions.get(key);
    const ended = exact ?? (alike.length === 1 && !isBare ? alike[0] : undefined);
    this.#ended.set(key, this.#turn);
    for (const [destination, owner] of this.#owners) {
      if (owner !== ended) continue;
      this.#owners.delete(destination);
      this.#tell(destination);
    }
  }

  #changes(happen: () => void): Change[] {
    const before = this.present;
    happen();
    const owners = new Set(this.#owners.values());
    // Through a session without a destination nothing is reached.
    for (const [key, known] of this.#sessions) if (!owners.has(known)) this.#sessions.delete(key);
    const after = this.present;
    const went = [...before.values()].filter(({ destination }) => !after.has(destination));
    const came = [...after.values()].filter(
      (presence) => !sameLogin(before.get(presence.destination), presence),
    );
    return [...went.map(change("went")), ...came.map(change("came"))];
  }
}

/** The oldest beyond so many. */
function forget(times: Map<string, number>, most: number): void {
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

const change =
  (kind: Change["kind"]) =>
  (presence: Presence): Change => ({ kind, presence });

function isIn(outer: string, inner: string): boolean {
  const [a, b] = [parsePrefix(outer), parsePrefix(inner)];
  return outer !== inner && "value" in a && "value" in b && covers(a.value, b.value);
}
