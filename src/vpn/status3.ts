import type { Parsed } from "../topology/address.js";
import { countIn, destinationOf, nameIn, type Session } from "./session.js";

/** A session as a snapshot has it. */
export interface ListedSession extends Session {
  /** What the management interface calls it. */
  readonly cid: number;
  /** Prefixes in canonical text, each of one session only. */
  readonly destinations: readonly string[];
}

type Row = (column: string) => string;
interface Listed extends ListedSession {
  readonly destinations: string[];
  /** Its own addresses, as its row has them. */
  readonly own: readonly string[];
}

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

type Rows = Record<keyof typeof sections, Row[]>;

function rowsIn(lines: readonly string[]): Parsed<Rows> {
  const rows: Rows = { CLIENT_LIST: [], ROUTING_TABLE: [] };
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const [kind = "", ...values] = line.split("\t");
    if (kind === "HEADER") headers.set(values[0] ?? "", values.slice(1));
    if (kind !== "CLIENT_LIST" && kind !== "ROUTING_TABLE") continue;
    const header = headers.get(kind);
    if (header === undefined) return { refused: `a row of ${kind} before its HEADER` };
    if (values.length !== header.length)
      return { refused: `a row of ${kind} with other columns than its HEADER` };
    // Half of the columns, where there are tens of thousands of rows, are megabytes.
    const columns: readonly string[] = sections[kind];
    const kept = columns.map((column) => values[header.indexOf(column)] ?? "");
    rows[kind].push((column) => kept[columns.indexOf(column)] ?? "");
  }
  for (const [kind, columns] of Object.entries(sections)) {
    const missing = columns.find((column) => !headers.get(kind)?.includes(column));
    if (missing !== undefined) return { refused: `${kind} has no column ${missing}` };
  }
  return { value: rows };
}

function clientIn(row: Row): Listed | null {
  const name = nameIn(row("Common Name"));
  const since = countIn(row("Connected Since (time_t)"));
  const cid = countIn(row("Client ID"));
  if (name === null || since === null || cid === null) return null;
  const addresses = [row("Virtual Address"), row("Virtual IPv6 Address")].filter((text) => text !== "");
  const own = addresses.flatMap((text) => destinationOf(text) ?? []);
  return { name, since, from: row("Real Address"), cid, own, destinations: [] };
}

/**
 * The routing table says whose an address is: two may be listed with the same one, while a ghost is left or where they share
 * a certificate, and whoever lost it hears nothing also when the other is gone.
 */
function route(clients: readonly Listed[], rows: readonly Row[]): void {
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
  for (const row of rows) {
    const address = row("Virtual Address");
    // A cached address, of a prefix that has its own row. It is no digit: those of addresses are small letters.
    if (address.endsWith("C")) continue;
    const destination = destinationOf(address);
    const there = places.get(`${row("Real Address")} ${row("Common Name")}`) ?? [];
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
