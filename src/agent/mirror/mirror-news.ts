import type { MirrorReport, SwitchReport } from "../../mirror/report.js";
import type { Happening } from "../events/log.js";

/** Reports in a row that say so before the master controller is called lost: switches come and go. */
const patience = 3;

/** Milliseconds after a takeover until it is said what the takeover cost. */
const settling = 4_000;

interface Standing {
  /** The last reports in a row in which something was wrong, and whether that was told. */
  bad: number;
  told: boolean;
  /** When this node took over streams of another; null once the cost was told. */
  since: number | null;
}

/** What is worth telling of the mirrors, from the reports that come once a second. */
export class MirrorNews {
  readonly #standings = new Map<string, Standing>();

  constructor(private readonly now: () => number) {}

  /** This node mirrors the service from now on. */
  began(service: string): void {
    this.#standings.set(service, { bad: 0, told: false, since: this.now() });
  }

  ended(service: string): void {
    this.#standings.delete(service);
  }

  read({ service, trouble, switches }: MirrorReport): Happening[] {
    const standing = this.#standings.get(service);
    if (standing === undefined) return [];
    const cost = this.#cost(service, standing, switches);
    const why = trouble === null ? apart(switches) : `nothing is captured: ${trouble}`;
    standing.bad = why === null ? 0 : standing.bad + 1;
    const isBad = standing.bad >= patience;
    if (isBad === standing.told || (why === null) === isBad) return cost;
    standing.told = isBad;
    const text =
      why === null
        ? `the master controller gets the copy of ${service} again`
        : `the master controller does not get the copy of ${service}: ${why}`;
    return [...cost, { kind: "mirror", text, details: { service, why } }];
  }

  #cost(service: string, standing: Standing, switches: readonly SwitchReport[]): Happening[] {
    if (standing.since === null || this.now() - standing.since < settling) return [];
    standing.since = null;
    const inherited = switches.filter((each) => each.inherited);
    if (inherited.length === 0) return [];
    const live = inherited.filter(({ state }) => state === "live").length;
    const bytes = inherited.reduce((sum, { lostBytes }) => sum + lostBytes, 0);
    const messages = inherited.reduce((sum, { dropped }) => sum + dropped, 0);
    const missing = [
      ...(messages > 0 ? [`${messages} messages that waited`] : []),
      ...(bytes > 0 ? [`at most ${bytes} bytes that were not seen here`] : []),
    ];
    const words = missing.length === 0 ? "with nothing missing" : `without ${missing.join(" and ")}`;
    const text = `the copy of ${service} goes on here: ${live} of ${inherited.length} switches at the master controller, ${words}`;
    const missed = { missed_messages: messages, missed_bytes: bytes };
    return [{ kind: "mirror", text, details: { service, switches: inherited.length, live, ...missed } }];
  }
}

/** Why no switch is at the master controller; null while one is, or none has to be. */
function apart(switches: readonly SwitchReport[]): string | null {
  const wanted = switches.filter(({ state }) => state !== "unidentified");
  if (wanted.length === 0 || wanted.some(({ state }) => state === "live")) return null;
  return (
    wanted.find(({ why }) => why !== "")?.why ??
    (wanted.some(({ state }) => state === "unsupported")
      ? "the switches speak a version that it is not answered in"
      : "it does not greet")
  );
}
