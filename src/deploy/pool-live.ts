/** A server as HAProxy runs it. */
export interface LiveServer {
  readonly name: string;
  readonly endpoint: string;
  readonly id: number;
  readonly weight: number;
  readonly backup: boolean;
  /** What somebody told HAProxy to do with it: `drain` takes no new session, `maint` none at all. */
  readonly admin: "ready" | "drain" | "maint";
  /** HAProxy checks it. */
  readonly checked: boolean;
  /** It would get new sessions. */
  readonly up: boolean;
  /** Its last check passed, or none is asked for. "UP 1/3": none has ended yet, or the last one failed. */
  readonly checkPassed: boolean;
  /** That are open now. */
  readonly sessions: number;
}

/** The servers of each backend, in HAProxy's order. */
export type LivePool = ReadonlyMap<string, readonly LiveServer[]>;

/** What HAProxy's worker is asked for how its servers are meant to stand (management guide, 9.3). */
export const showStanding = "show servers state";

/** What HAProxy's worker is asked for its servers (management guide, 9.3); type 4 is servers. */
export const showPool = `${showStanding}; show stat -1 4 -1`;

/** Reads what HAProxy answers to `showPool`. Throws when it answered something else. */
export function parseLivePool(answer: string): LivePool {
  const statistics = rowsBelow("# pxname,", ",", answer);
  const figures = new Map(statistics.map((row) => [`${row("pxname")}/${row("svname")}`, row]));
  const pool = new Map<string, LiveServer[]>();
  for (const row of rowsBelow("# be_id ", " ", answer)) {
    const [backend, name] = [row("be_name"), row("srv_name")];
    const figure = figures.get(`${backend}/${name}`) ?? (() => "");
    const address = row("srv_addr");
    const servers = pool.get(backend) ?? [];
    pool.set(backend, servers);
    servers.push({
      name,
      endpoint: `${address.includes(":") ? `[${address}]` : address}:${row("srv_port")}`,
      id: Number(row("srv_id")),
      weight: Number(row("srv_uweight")),
      backup: figure("bck") === "1",
      admin: adminState(Number(row("srv_admin_state"))),
      checked: (Number(row("srv_check_state")) & checkEnabled) !== 0,
      up: /^(UP|no check)/.test(figure("status")),
      checkPassed: /^(UP|no check)$/.test(figure("status")),
      sessions: Number(figure("scur")) || 0,
    });
  }
  return pool;
}

/** How the servers stand by somebody's will, without what happens to them: cheap to read, and to compare with the next. */
export const standingOf = (answer: string): string =>
  rowsBelow("# be_id ", " ", answer)
    .map((row) => [
      ...["be_name", "srv_name", "srv_id", "srv_addr", "srv_port", "srv_uweight"].map(row),
      adminState(Number(row("srv_admin_state"))),
      Number(row("srv_check_state")) & checkEnabled,
    ])
    .join("\n");

/** SRV_ADMF_*: bits of maintenance by whatever cause, and of draining. */
const bits = { maint: 0x67, drain: 0x18 };

/** CHK_ST_ENABLED. */
const checkEnabled = 4;

const adminState = (state: number): LiveServer["admin"] =>
  (state & bits.maint) !== 0 ? "maint" : (state & bits.drain) !== 0 ? "drain" : "ready";

type Row = (column: string) => string;

/** The rows of the table whose header begins with `start`, up to an empty line. Fields of ours hold no quoted commas. */
function rowsBelow(start: string, separator: string, answer: string): Row[] {
  const lines = answer.split("\n");
  const header = lines.findIndex((line) => line.startsWith(start));
  if (header < 0) throw new Error(`HAProxy does not tell its servers: ${answer.trim().slice(0, 200)}`);
  const columns = (lines[header] ?? "").slice(2).split(separator);
  const end = lines.findIndex((line, index) => index > header && line.trim() === "");
  return lines.slice(header + 1, end < 0 ? undefined : end).map((line): Row => {
    const fields = line.split(separator);
    return (column) => fields[columns.indexOf(column)] ?? "";
  });
}
