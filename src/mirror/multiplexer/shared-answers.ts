import { bodyOf } from "../openflow/message.js";
import { typeName } from "../openflow/message-type.js";
import { partIn } from "../openflow/multipart.js";
import { type Answer, type Answerer, Answers, asksForChange, unmade } from "../session/answers.js";
import type { SwitchMemory } from "../session/switch-memory.js";

/** What becomes of the master controller's changes. */
export type Writes = "error" | "drop" | "forward";

/** What belongs to its own connection, and what the switch has told already. */
const local = new Set(["ERROR", "ECHO_REQUEST", "ECHO_REPLY", "SET_CONFIG", "FEATURES_REQUEST"]);

/** What asks the switch, and what it is told for this controller's sake alone. */
const questions = new Set([
  ...["GET_CONFIG_REQUEST", "STATS_REQUEST", "MULTIPART_REQUEST", "BARRIER_REQUEST"],
  ...["QUEUE_GET_CONFIG_REQUEST", "GET_ASYNC_REQUEST", "SET_ASYNC"],
]);

/** What may be a change in an experimenter's words, or contends with the pool's controller. */
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
    if (local.has(name)) return this.#own.to(bytes);
    // The numbers of bundles are the connection's, and the pool's controller may have the same.
    if (name.startsWith("BUNDLE_")) return unmade(this.version, bytes, this.#unmade);
    const sets = this.#setsTables(name, bytes);
    if (questions.has(name) && !sets) return { kind: "forward" };
    const changes = sets || asksForChange(name);
    if (this.writes === "forward" && (changes || contended.has(name))) return { kind: "forward" };
    // What no controller says is refused as that.
    return changes ? unmade(this.version, bytes, this.#unmade) : this.#own.to(bytes);
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
