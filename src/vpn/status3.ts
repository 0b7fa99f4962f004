import type { Parsed } from "../topology/address.js";
import { countIn, destinationOf, nameIn, type Session } from "./session.js";

/** A session as a snapshot has it. */
export interface ListedSession extends Session {
  /** What the management interface calls it. */
  readonly cid: number;
  /** Prefixes in canonical text, each of one session only. */
  readonly destinations: readonly string[];
}

interface Listed extends ListedSession {
  readonly destinations: string[];
  /** Its own addresses, as its row has them. */
  readonly own: readonly string[];
}

/** Columns that are read; rows have them in this order. */
const sections = {
  CLIENT_LIST: [
    "Common Name",
    "Real Address",
    "Virtual Address",
    "Virtual IPv6 Address",
    "Connected Since (time_t)",
    "Client ID",
  ],
  ROUTING_TABLE: ["Common Name", "Real Address", "Virtual Address"],
} as const;

/**
 * Reads the answer to `status 3`, from its first line to END (OpenVPN's management-notes.txt): tab-separated rows, whose
 * columns are found by the names in HEADER. Whole or not at all: half a snapshot would withdraw whoever stands in the rest.
 */
export function sessionsIn(
  lines: readonly string[],
  { tap = false }: { readonly tap?: boolean } = {},
): Parsed<ListedSession[]> {
  // A client may be called END: its row has more than that.
  if (lines.at(-1) !== "END") return { refused: "the snapshot is cut short" };
  const rows = rowsIn(lines.slice(0, -1));
  if ("refused" in rows) return rows;
  const clients: Listed[] = [];
  for (const row of rows.value.CLIENT_LIST) {
    const client = clientIn(row);
    if (client === null) return { refused: "a row of CLIENT_LIST is not one" };
    // Whoever has not logged in yet is listed without an address, and called UNDEF.
    if (client.own.length > 0) clients.push(client);
  }
  route(clients, rows.value.ROUTING_TABLE);
  if (tap) routeByRows(clients);
  return { value: clients.map(({ own: _, ...session }) => session) };
}

/** Where a section's rows have what is read, and how many columns there are in all. */
interface Layout {
  readonly places: readonly number[];
  readonly width: number;
}

type Kind = keyof typeof sections;
const isKind = (word: string | undefined): word is Kind =>
  word !== undefined && Object.hasOwn(sections, word);

function rowsIn(lines: readonly string[]): Parsed<Record<Kind, string[][]>> {
  const rows: Record<Kind, string[][]> = { CLIENT_LIST: [], ROUTING_TABLE: [] };
  const layouts = new Map<string, Layout>();
  for (const line of lines) {
    const cells = line.split("\t");
    const [kind, of] = cells;
    if (kind === "HEADER" && isKind(of)) {
      const columns: readonly string[] = sections[of];
      const missing = columns.find((column) => !cells.includes(column, 2));
      if (missing !== undefined) return { refused: `${of} has no column ${missing}` };
      // A row has one word before its columns, where HEADER has two.
      const places = columns.map((column) => cells.indexOf(column, 2) - 1);
      layouts.set(of, { places, width: cells.length - 1 });
    }
    if (!isKind(kind)) continue;
    const layout = layouts.get(kind);
    if (layout === undefined) return { refused: `a row of ${kind} before its HEADER` };
    if (cells.length !== layout.width)
      return { refused: `a row of ${kind} with other columns than its HEADER` };
    // Half of the columns, where there are tens of thousands of rows, are megabytes.
    rows[kind].push(layout.places.map((place) => cells[place] ?? ""));
  }
  const missing = Object.keys(sections).find((kind) => !layouts.has(kind));
  return missing === undefined ? { value: rows } : { refused: `${missing} has no columns` };
}

function clientIn(row: readonly string[]): Listed | null {
  const [called, from = "", address = "", address6 = "", began, id] = row;
  const [name, since, cid] = [nameIn(called), countIn(began), countIn(id)];
  if (name === null || since === null || cid === null) return null;
  const addresses = [address, address6].filter((text) => text !== "");
  const own = addresses.flatMap((text) => destinationOf(text) ?? []);
  return { name, since, from, cid, own, destinations: [] };
}

/**
 * The routing table says whose an address is: two may be listed with the same one, while a ghost is left or where they share
 * a certificate, and whoever lost it hears nothing also when the other is gone.
 */
function route(clients: readonly Listed[], rows: readonly (readonly string[])[]): void {
  const holders = new Map<string, Listed>();
  // From the newest login to the oldest: an IPv6 client's row does not tell its port, and several may share that address
  // and a certificate.
  const order = [...clients].sort((a, b) => b.since - a.since || b.cid - a.cid);
  const places = new Map<string, Listed[]>();
  for (const client of order) {
    const place = `${client.from} ${client.name}`;
    const there = places.get(place);
    if (there === undefined) places.set(place, [client]);
    else there.push(client);
  }
  for (const [name = "", from = "", address = ""] of rows) {
    // A cached address, of a prefix that has its own row. It is no digit: those of addresses are small letters.
    if (address.endsWith("C")) continue;
    const destination = destinationOf(address);
    const there = places.get(`${from} ${name}`) ?? [];
    const client = there.find(({ own }) => own.some((each) => each === destination)) ?? there[0];
    if (destination !== null && client !== undefined) holders.set(destination, client);
  }
  for (const [destination, client] of holders) client.destinations.push(destination);
}

/** On a tap that table has hardware addresses, and the clients' rows must do. */
function routeByRows(clients: readonly Listed[]): void {
  for (const { own, destinations } of clients)
    destinations.push(...own.filter((destination) => !destinations.includes(destination)));
}
