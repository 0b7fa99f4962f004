import { bodyOf, message, type RefusalName, refusal, withXid, xidOf } from "../openflow/message.js";
import { Type, typeName, typesOf } from "../openflow/message-type.js";
import { Multipart, partIn, replies } from "../openflow/multipart.js";
import { Roles } from "./roles.js";
import type { SwitchMemory } from "./switch-memory.js";

/** What becomes of what the master controller says. */
export type Answer =
  | { readonly kind: "reply"; readonly bytes: Buffer }
  /** The switch has not told it yet; what is answered where that stays so. */
  | { readonly kind: "later"; otherwise(): Buffer }
  /** It asks for what is not kept for it. */
  | { readonly kind: "refused"; readonly bytes: Buffer }
  /** It asks for a change that is not made; null where it is not told. */
  | { readonly kind: "write"; readonly bytes: Buffer | null }
  /** It is the switch's to answer. */
  | { readonly kind: "forward" }
  /** Said for the protocol's sake, and to nobody. */
  | { readonly kind: "swallowed" };

/** Bytes of ports in one part of a reply. */
const mostPorts = 60_000;

/** miss_send_len of a switch that nobody configured (OpenFlow 1.3.5, 7.3.2). */
const defaultConfig = Buffer.from([0, 0, 0, 128]);

const anyPort = 0xffffffff;

/** What it may say that asks for nothing: answers to what is mirrored, and settings of its own connection. */
const swallowed = new Set(["ERROR", "ECHO_REPLY", "SET_CONFIG"]);

const writes = /^(PACKET_OUT|SET_ASYNC|BUNDLE_.*|.*_MOD)$/;

/** @param name the specification's, of a type */
export const asksForChange = (name: string): boolean => writes.test(name);

/** What whoever asks for a change hears where none is made. */
export const unmade = (version: number, request: Buffer, writes: "error" | "drop"): Answer => ({
  kind: "write",
  bytes: writes === "error" ? refusal(version, request, "notPermitted") : null,
});

export interface Answerer {
  /** @param bytes one whole message that is no HELLO */
  to(bytes: Buffer): Answer;
}

/** Answers one controller for one switch, from what that switch told its own. */
export class Answers implements Answerer {
  readonly #roles: Roles;

  constructor(
    private readonly memory: SwitchMemory,
    private readonly version: number,
    private readonly writes: "error" | "drop",
  ) {
    this.#roles = new Roles(memory);
  }

  to(bytes: Buffer): Answer {
    const name = typeName(this.version, bytes.readUInt8(1));
    const body = bodyOf(bytes);
    if (swallowed.has(name)) return { kind: "swallowed" };
    if (name === "ECHO_REQUEST") return this.#reply(bytes, Type.echoReply, body);
    if (name === "FEATURES_REQUEST") return this.#told(bytes, this.memory.features);
    if (name === "GET_CONFIG_REQUEST")
      return this.memory.config === null
        ? this.#reply(bytes, Type.getConfigReply, defaultConfig)
        : this.#told(bytes, this.memory.config);
    if (name === "BARRIER_REQUEST") return this.#reply(bytes, typesOf(this.version).barrierReply);
    if (name === "ROLE_REQUEST") return this.#role(bytes, body);
    if (name === "STATS_REQUEST" || name === "MULTIPART_REQUEST") return this.#multipart(bytes, body);
    if (name === "EXPERIMENTER") return this.#refused(bytes, "badExperimenter");
    if (asksForChange(name)) return unmade(this.version, bytes, this.writes);
    return this.#refused(bytes, name.startsWith("TYPE_") ? "badType" : "notPermitted");
  }

  #role(bytes: Buffer, body: Buffer): Answer {
    const reply = this.#roles.ask(body);
    return typeof reply === "string" ? this.#refused(bytes, reply) : this.#reply(bytes, 25, reply);
  }

  #multipart(bytes: Buffer, body: Buffer): Answer {
    const part = partIn(this.version, body);
    if (part === null) return this.#refused(bytes, "badLength");
    if (part.type === Multipart.desc) {
      const { desc } = this.memory;
      return desc === null ? this.#later(bytes) : this.#replies(bytes, part.type, [desc]);
    }
    if (part.type !== Multipart.portDesc || this.version === 1) return this.#refused(bytes, "badMultipart");
    // From 1.5 on one port may be asked for.
    const asked = this.version >= 6 && part.body.length >= 4 ? part.body.readUInt32BE(0) : anyPort;
    return this.#ports(bytes, asked === anyPort ? null : asked);
  }

  /**
   * A controller may wait for this one for ever (os-ken's does, whatever error it gets), and where nobody else asks, no
   * switch tells: in the end it hears of the ports that are known, and changes as the switch tells them.
   */
  #ports(request: Buffer, one: number | null): Answer {
    const { ports, portsSoFar } = this.memory;
    const reply = () =>
      replies(
        this.version,
        Multipart.portDesc,
        xidOf(request),
        portsSoFar?.described(mostPorts, one) ?? [Buffer.alloc(0)],
      );
    if (ports === null && (one === null || !portsSoFar?.has(one))) return { kind: "later", otherwise: reply };
    return { kind: "reply", bytes: reply() };
  }

  #told(request: Buffer, said: Buffer | null): Answer {
    return said === null ? this.#later(request) : { kind: "reply", bytes: withXid(said, xidOf(request)) };
  }

  #reply(request: Buffer, type: number, body?: Buffer): Answer {
    return { kind: "reply", bytes: message(this.version, type, xidOf(request), body) };
  }

  #replies(request: Buffer, type: number, bodies: readonly Buffer[]): Answer {
    return { kind: "reply", bytes: replies(this.version, type, xidOf(request), bodies) };
  }

  #later(request: Buffer): Answer {
    return { kind: "later", otherwise: () => refusal(this.version, request, "badMultipart") };
  }

  #refused(request: Buffer, why: RefusalName): Answer {
    return { kind: "refused", bytes: refusal(this.version, request, why) };
  }
}
