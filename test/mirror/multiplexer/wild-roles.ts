import { Type } from "../../../src/mirror/openflow/message-type.js";
import { isStale, Role, roleBody } from "../../../src/mirror/openflow/role.js";
import { Parties } from "./parties.js";

export type Who = "pool" | "master";

export type Step =
  | { readonly kind: "ask"; readonly who: Who; readonly role: number; readonly generation: bigint }
  /** The switch answers what it was asked first; it refuses what is stale, and other elections where it wants to. */
  | { readonly kind: "answer"; readonly refuses: boolean }
  | { readonly kind: "leave" }
  /** Somebody on another connection is made master (1.4 and later, which tell of it). */
  | { readonly kind: "depose" };

const nobody = { pool: Role.equal, master: Role.equal } as const;

/** Two controllers that contend for roles in any order, a switch that grants them, and what each of both was last told. */
export class WildRoles {
  readonly told: Record<Who, number> = { ...nobody };
  /** What the switch takes the connection for. */
  connection: number = Role.equal;
  /** Whether the switch refused what was not stale. */
  wasMoody = false;
  #generation: bigint | null = null;
  readonly #parties: Parties;

  constructor(version: number) {
    this.#parties = new Parties(version);
  }

  take(step: Step): void {
    if (step.kind === "ask")
      this.#parties.say(step.who, Type.roleRequest, 5, roleBody(step.role, step.generation));
    else if (step.kind === "answer") this.#answer(step.refuses);
    else if (step.kind === "leave") {
      this.#parties.relay.masterLeft();
      this.told.master = Role.equal;
    } else if (this.#parties.version >= 5) this.#depose();
    this.#hear();
  }

  /** All that is open is answered. */
  settle(): void {
    while (this.#parties.heard.switch.length > 0) this.take({ kind: "answer", refuses: false });
  }

  /** What a controller is, as it is told when it asks. */
  whatIs(who: Who): number {
    this.told[who] = Role.noChange;
    this.take({ kind: "ask", who, role: Role.noChange, generation: 0n });
    this.settle();
    return this.told[who];
  }

  #answer(refuses: boolean): void {
    const asked = this.#parties.heard.switch.shift();
    if (asked === undefined) return;
    const [number, role, generation] = [
      asked.readUInt32BE(4),
      asked.readUInt32BE(8),
      asked.readBigUInt64BE(16),
    ];
    const elects = role === Role.master || role === Role.slave;
    const stale = elects && isStale(generation, this.#generation);
    const moody = elects && refuses && !stale;
    this.wasMoody ||= moody;
    if (stale || moody) {
      this.#parties.say("switch", Type.error, number, Buffer.from("000b0000", "hex"));
      return;
    }
    if (elects) this.#generation = generation;
    if (role !== Role.noChange) this.connection = role;
    this.#parties.say("switch", Type.roleReply, number, roleBody(this.connection, this.#generation));
  }

  #depose(): void {
    this.#generation = (this.#generation ?? 0n) + 1n;
    if (this.connection !== Role.master) return;
    this.connection = Role.slave;
    this.#parties.say("switch", Type.roleStatus, 0, roleBody(Role.slave, this.#generation));
  }

  #hear(): void {
    const { heard } = this.#parties;
    for (const [who, outlet] of [
      ["pool", heard.pool],
      ["master", heard.master],
      ["master", heard.copy],
    ] as const)
      for (const bytes of outlet.splice(0))
        if (bytes.readUInt8(1) !== Type.error) this.#isTold(who, bytes.readUInt32BE(8));
  }

  /** Until 1.3 no message says that somebody was deposed. */
  #isTold(who: Who, role: number): void {
    const other = who === "pool" ? "master" : "pool";
    this.told[who] = role;
    if (this.#parties.version < 5 && role === Role.master && this.told[other] === Role.master)
      this.told[other] = Role.slave;
  }
}
