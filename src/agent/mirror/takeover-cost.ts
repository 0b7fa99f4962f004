import type { SwitchReport } from "../../mirror/report.js";
import type { Happening } from "../events/log.js";

/** Milliseconds after a takeover until it is said what it cost. */
const settling = 4_000;
/** Milliseconds until it is said again that it cost more. */
const pause = 60_000;

/**
 * What it cost the copy of a service that this node took it over. What stands between the last byte that was copied there and
 * the first that is seen here is known as soon as the switch speaks, which an idle one does late: that is told then.
 */
export class TakeoverCost {
  #tellAt: number;
  /** Connections on which nothing had been seen here yet when the cost was told; null before that. */
  #silent: Set<string> | null = null;
  #later = { switches: 0, bytes: 0 };

  constructor(
    private readonly service: string,
    private readonly now: () => number,
  ) {
    this.#tellAt = now() + settling;
  }

  read(switches: readonly SwitchReport[]): Happening[] {
    const inherited = switches.filter((each) => each.inherited);
    if (this.#silent !== null) this.#listen(this.#silent, inherited);
    if (this.now() < this.#tellAt) return [];
    if (this.#silent !== null) return this.#more();
    this.#tellAt = this.now() + pause;
    this.#silent = new Set(inherited.filter((each) => !hasSpoken(each)).map(({ client }) => client));
    return inherited.length === 0 ? [] : [this.#whole(inherited, this.#silent.size)];
  }

  /** Who speaks now shows what is missing before it; a hole after that is none of the takeover's. */
  #listen(silent: Set<string>, inherited: readonly SwitchReport[]): void {
    for (const each of inherited) {
      if (!hasSpoken(each) || !silent.delete(each.client) || each.connection.lostBytes === 0) continue;
      this.#later.switches += 1;
      this.#later.bytes += each.connection.lostBytes;
    }
  }

  #more(): Happening[] {
    const { switches, bytes } = this.#later;
    if (switches === 0) return [];
    this.#tellAt = this.now() + pause;
    this.#later = { switches: 0, bytes: 0 };
    const text = `the copy of ${this.service} lacks more since it went on here, as it shows now: ${unseen(bytes)}, of ${counted(switches)} that had been silent`;
    return [{ kind: "mirror", text, details: { service: this.service, switches, missed_bytes: bytes } }];
  }

  #whole(inherited: readonly SwitchReport[], silent: number): Happening {
    const live = inherited.filter(({ state }) => state === "live").length;
    const bytes = inherited.reduce((sum, { connection }) => sum + connection.lostBytes, 0);
    const messages = inherited.reduce((sum, { connection }) => sum + connection.dropped, 0);
    const missing = [
      ...(messages > 0 ? [`${messages} messages that waited`] : []),
      ...(bytes > 0 ? [unseen(bytes)] : []),
    ];
    const words = missing.length === 0 ? "with nothing missing" : `without ${missing.join(" and ")}`;
    const open = silent === 0 ? "" : `, as far as it shows: ${counted(silent)} said nothing yet`;
    return {
      kind: "mirror",
      text: `the copy of ${this.service} goes on here: ${live} of ${inherited.length} switches at the master controller, ${words}${open}`,
      details: {
        ...{ service: this.service, switches: inherited.length, live, silent },
        ...{ missed_messages: messages, missed_bytes: bytes },
      },
    };
  }
}

const hasSpoken = ({ connection }: SwitchReport): boolean =>
  connection.messages > 0 || connection.lostBytes > 0;

const unseen = (bytes: number): string => `at most ${bytes} bytes that were not seen here`;

const counted = (switches: number): string => `${switches} ${switches === 1 ? "switch" : "switches"}`;
