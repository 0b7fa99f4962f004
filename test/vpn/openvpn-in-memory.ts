import type { ClientEvent } from "../../src/vpn/clients.js";
import type { Session } from "../../src/vpn/session.js";
import type { ListedSession } from "../../src/vpn/status3.js";

interface Live extends ListedSession {
  readonly destinations: string[];
}

/** What comes by the management interface: one line, in which events and snapshots keep their order. */
export type ManagementWord =
  | { readonly event: ClientEvent }
  | { readonly asked: number; readonly sessions: readonly ListedSession[] };

/** A network that two clients claim to have behind them: whoever logs in last has it. */
const shared = "10.9.0.0/24";
export const clientCount = 3;

/** An OpenVPN server as the real one was seen to behave: what it does, and what it says of that in two lines. */
export class OpenVpnInMemory {
  readonly hooks: ClientEvent[] = [];
  readonly management: ManagementWord[] = [];
  readonly #live = new Map<number, Live>();
  #questions: number[] = [];
  #count = 0;

  /** Several logins may fall into one second. */
  constructor(private readonly loginsPerSecond: number) {}

  get truth(): Record<string, string> {
    const all = this.#sessions().flatMap(({ name, since, destinations }) =>
      destinations.map((destination) => [destination, `${name} ${since}`] as const),
    );
    return Object.fromEntries(all.sort());
  }

  login(client: number): void {
    // A certificate has one session: the earlier one goes first.
    this.logout(client);
    const cid = this.#count;
    this.#count += 1;
    const [name, own] = [`host${client}`, `10.100.200.${client}/32`];
    const since = Math.floor(cid / this.loginsPerSecond);
    const session: Session = {
      name,
      since,
      from: client === 0 ? "2001:db8::1" : `192.0.2.${client}:${1_000 + cid}`,
    };
    const login = { session, destinations: [own] };
    const live: Live = { ...session, cid, destinations: [] };
    this.#live.set(client, live);
    this.hooks.push({ kind: "connect", login });
    for (const destination of client < 2 ? [own, shared] : [own]) {
      for (const other of this.#live.values()) remove(other.destinations, destination);
      live.destinations.push(destination);
      this.hooks.push({ kind: "learn", session, destination });
    }
    this.management.push({ event: { kind: "established", login, cid } });
  }

  logout(client: number): void {
    const live = this.#live.get(client);
    if (live === undefined) return;
    this.#live.delete(client);
    const { name, since, from } = live;
    this.hooks.push({ kind: "disconnect", session: { name, since, from } });
  }

  ask(asked: number): void {
    this.#questions.push(asked);
  }

  /** It reads what it was asked. */
  answer(): void {
    for (const asked of this.#questions) this.management.push({ asked, sessions: this.#sessions() });
    this.#questions = [];
  }

  #sessions(): ListedSession[] {
    return [...this.#live.values()].map((live) => ({ ...live, destinations: [...live.destinations] }));
  }
}

function remove(destinations: string[], destination: string): void {
  const at = destinations.indexOf(destination);
  if (at >= 0) destinations.splice(at, 1);
}
