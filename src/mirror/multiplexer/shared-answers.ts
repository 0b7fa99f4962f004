import { bodyOf } from "../openflow/message.js";
import { typeName } from "../openflow/message-type.js";
import { partIn } from "../openflow/multipart.js";
import { type Answer, type Answerer, Answers, asksForChange, unmade } from "../session/answers.js";
import type { SwitchMemory } from "../session/switch-memory.js";

/** What becomes of the master controller's changes. */
export type Writes = "error" | "drop" | "forward";

/** What belongs to its own connection, and what the switch has told already. */
const local = new Set(["ERROR", "ECHO_REQUEST", "ECHO_REPLY", "SET_CONFIG", "FEATURES_REQUEST"]);

/** Questions alone; what may be a change in an experimenter's words, or contends with the pool's controller, is no such. */
const contended = new Set(["ROLE_REQUEST", "EXPERIMENTER"]);

/** OFPMP_TABLE_FEATURES: with a body it sets them (OpenFlow 1.3.5, 7.3.5.5.1). */
const tableFeatures = 12;

/** Passes what the master controller asks on to the switch, and its changes where they are allowed. */
export class SharedAnswers implements Answerer {
  readonly #own: Answers;

  constructor(
    memory: SwitchMemory,
    private readonly version: number,
    private readonly writes: Writes,
  ) {
    this.#own = new Answers(memory, version, this.#unmade);
  }

  to(bytes: Buffer): Answer {
    const name = typeName(this.version, bytes.readUInt8(1));
    if (local.has(name) || name.startsWith("TYPE_")) return this.#own.to(bytes);
    // The numbers of bundles are the connection's, and the pool's controller may have the same.
    if (name.startsWith("BUNDLE_")) return unmade(this.version, bytes, this.#unmade);
    if (this.writes === "forward") return { kind: "forward" };
    if (contended.has(name)) return this.#own.to(bytes);
    if (name !== "SET_ASYNC" && (asksForChange(name) || this.#setsTables(name, bytes)))
      return unmade(this.version, bytes, this.#unmade);
    return { kind: "forward" };
  }

  /** What is said where a change is not made. */
  get #unmade(): "error" | "drop" {
    return this.writes === "drop" ? "drop" : "error";
  }

  #setsTables(name: string, bytes: Buffer): boolean {
    if (name !== "MULTIPART_REQUEST") return false;
    const part = partIn(this.version, bodyOf(bytes));
    return part?.type === tableFeatures && part.body.length > 0;
  }
}
