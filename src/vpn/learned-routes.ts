import { destinationOf } from "./session.js";

/** A route that BIRD has here to what another server announced. */
export interface LearnedRoute {
  readonly destination: string;
  readonly via: string | null;
  readonly device: string;
  /** Milliseconds since the epoch when the other server announced it so. */
  readonly since: number;
}

/** Asks BIRD for each route that it has from another server and uses; its file has times with their dates. */
export const learnedRoutesCommand = [
  ...["birdc", "-r", "show", "route", "primary"],
  ...["where", "source", "=", "RTS_BGP"],
] as const;

/** Two lines a route (BIRD 2.0 user's guide, 4). One that leads nowhere, or several ways at once, is none. */
const routes =
  /^([0-9a-f.:]+\/\d+)\s+unicast \[\S+ (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})[^\n]*\n\t(?:via ([0-9a-f.:]+) on |dev )([^\s/]{1,15})(?: [^\n]*)?\n(?!\t)/gm;

/** Reads the answer piece by piece: there may be a million routes. */
export class LearnedRoutesReader {
  #rest = "";
  /** Routes come in crowds: of the same moment, by the same way. */
  #moment = { text: "", since: Number.NaN };
  readonly #words = new Map<string, string>();

  constructor(private readonly take: (route: LearnedRoute) => void) {}

  read(piece: string): void {
    const text = this.#rest + piece;
    // A route goes on for as long as lines are further in: the last one may not be whole.
    const end = lastStart(text);
    this.#rest = text.slice(end);
    this.#routesIn(text.slice(0, end));
  }

  end(): void {
    this.#routesIn(`${this.#rest}\n`);
    this.#rest = "";
  }

  #routesIn(text: string): void {
    for (const [, to = "", day, time, via, device = ""] of text.matchAll(routes)) {
      const destination = destinationOf(to);
      const since = this.#timeOf(`${day}T${time}`);
      if (destination === null || Number.isNaN(since)) continue;
      this.take({
        destination: ownText(destination),
        via: via === undefined ? null : this.#word(via),
        device: this.#word(device),
        since,
      });
    }
  }

  #word(text: string): string {
    const known = this.#words.get(text) ?? ownText(text);
    this.#words.set(known, known);
    return known;
  }

  /** BIRD writes the time of the machine's own zone, which is this process's, too. */
  #timeOf(text: string): number {
    if (text !== this.#moment.text) this.#moment = { text, since: Date.parse(text) };
    return this.#moment.since;
  }
}

/** A copy: a part of a text holds the whole of it in memory. */
const ownText = (text: string): string => Buffer.from(text, "latin1").toString("latin1");

/** Where the last line begins that is not further in. */
function lastStart(text: string): number {
  let at = text.length;
  do at = text.lastIndexOf("\n", at - 1);
  while (at > 0 && (at === text.length - 1 || text[at + 1] === "\t"));
  return at + 1;
}
