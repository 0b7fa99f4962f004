import { message } from "../../../src/mirror/openflow/message.js";
import { Type } from "../../../src/mirror/openflow/message-type.js";
import { isStale, Role, roleBody } from "../../../src/mirror/openflow/role.js";
import { Parties } from "./parties.js";

export type Who = "pool" | "master";

export type Step =
  | { readonly kind: "ask"; readonly who: Who; readonly role: number; readonly generation: bigint }
  /** The switch answers what it was asked first; it refuses what is stale, and other elections where it wants to. */
  | { readonly kind: "answer"; readonly refuses: boolean }
  | { readonly kind: "write"; readonly who: Who }
  | { readonly kind: "leave" }
  /** Somebody on another connection is made master, of a generation that is so much later; until 1.3 no message tells of it. */
  | { readonly kind: "depose"; readonly later: bigint };

const flowMod = 14;
const nobody = { pool: Role.equal, master: Role.equal } as const;

/** Two controllers that contend for roles in any order, a switch that grants them, and what each of both was last told. */
export class WildRoles {
  readonly told: Record<Who, number> = { ...nobody };
  /** What the switch takes the connection for. */
  connection: number = Role.equal;
  /** Whether the switch refused what was not stale. */
  wasMoody = false;
  isMasterThere = false;
  readonly complaints: string[] = [];
  /** Whether somebody was deposed whom nothing tells. */
  #wasSilent = false;
  /** Whether that is the pool's controller, which so takes itself for the master. */
  #isPoolDeposed = false;
  #generation: bigint | null = null;
  /** What each said that is not answered, by its number. */
  readonly #said = new Map<number, { readonly who: Who; readonly bytes: Buffer }>();
  /** Generations for which somebody here wants to be master, and the switch has not heard it. */
  readonly #elections: bigint[] = [];
  /** The greatest generation that anybody said. */
  #greatest: bigint | null = null;
  #next = 1;
  readonly #parties: Parties;

  constructor(version: number) {
    this.#parties = new Parties(version);
  }

  take(step: Step): void {
    if (step.kind === "ask") this.#ask(step.who, step.role, step.generation);
    else if (step.kind === "answer") this.#answer(step.refuses);
    else if (step.kind === "write") this.#write(step.who);
    else if (step.kind === "leave") this.#leave();
    else this.#depose(step.later);
    this.#hear();
  }

  /** All that is open is answered. */
  settle(): void {
    for (let times = 0; this.#parties.heard.switch.length > 0; times += 1) {
      if (times > 100) throw new Error("it never ends to ask");
      this.take({ kind: "answer", refuses: false });
    }
  }

  /** What a controller is, as it is told when it asks. */
  whatIs(who: Who): number {
    this.told[who] = Role.noChange;
    this.take({ kind: "ask", who, role: Role.noChange, generation: 0n });
    this.settle();
    return this.told[who];
  }

  #ask(who: Who, role: number, generation: bigint): void {
    const bytes = message(this.#parties.version, Type.roleRequest, this.#next, roleBody(role, generation));
    this.#next += 1;
    this.#come(who);
    this.#said.set(bytes.readUInt32BE(4), { who, bytes });
    if (role === Role.master) this.#elections.push(generation);
    if (role === Role.master || role === Role.slave) this.#isSaid(generation);
    const before = this.#parties.heard.switch.length;
    this.#parties.says(who, bytes);
    const alone = who === "pool" && !this.isMasterThere;
    const passed = this.#parties.heard.switch[before];
    if (alone && !passed?.subarray(8).equals(bytes.subarray(8)))
      this.complaints.push(
        `the pool's controller is alone, and its ${bytes.toString("hex")} did not pass as it is`,
      );
  }

  #isSaid(generation: bigint): void {
    if (!isStale(generation, this.#greatest)) this.#greatest = generation;
  }

  #come(who: Who): void {
    if (who === "master") this.isMasterThere = true;
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
    if (role === Role.master) {
      const place = this.#elections.indexOf(generation);
      if (place < 0) this.complaints.push(`nobody asked to be master of ${generation}`);
      else this.#elections.splice(place, 1);
    }
    const stale = elects && isStale(generation, this.#generation);
    const moody = elects && refuses && !stale;
    this.wasMoody ||= moody;
    if (stale || moody) {
      const head = Buffer.from("000b0000", "hex");
      this.#parties.say("switch", Type.error, number, Buffer.concat([head, asked]));
      return;
    }
    if (elects) this.#generation = generation;
    if (role !== Role.noChange) this.connection = role;
    this.#parties.say("switch", Type.roleReply, number, roleBody(this.connection, this.#generation));
    const isForNobody = this.#parties.heard.pool.length + this.#parties.heard.master.length === 0;
    // It was asked by a master controller that left: the connection is master again, and so is who never heard that it is not.
    if (role === Role.master && isForNobody && this.#isPoolDeposed) this.told.pool = Role.master;
  }

  /** Whoever was told to be a slave may not, anybody else may; who has asked for something is judged by that. */
  #write(who: Who): void {
    this.#come(who);
    const waits = [...this.#said.values()].some((each) => each.who === who);
    this.#parties.say(who, flowMod, 0, Buffer.alloc(48));
    const { heard } = this.#parties;
    const passed = heard.switch.some((each) => each.readUInt8(1) === flowMod);
    heard.switch = heard.switch.filter((each) => each.readUInt8(1) !== flowMod);
    heard[who] = heard[who].filter((each) => each.readUInt32BE(4) !== 0 || each.readUInt8(1) !== Type.error);
    if (waits) return;
    const isSlave = this.told[who] === Role.slave;
    if (isSlave === passed && !(isSlave && this.#wasSilent))
      this.complaints.push(
        `the ${who}'s is ${this.told[who]}, and its change ${passed ? "passed" : "did not pass"}`,
      );
  }

  #leave(): void {
    this.#parties.relay.masterLeft();
    this.isMasterThere = false;
    this.told.master = Role.equal;
    for (const [xid, { who }] of this.#said) if (who === "master") this.#said.delete(xid);
  }

  #depose(later: bigint): void {
    this.#generation = (this.#generation ?? 0n) + later;
    this.#isSaid(this.#generation);
    if (this.connection !== Role.master) return;
    this.connection = Role.slave;
    if (this.#parties.version >= 5)
      this.#parties.say("switch", Type.roleStatus, 0, roleBody(Role.slave, this.#generation));
    else {
      this.#wasSilent = true;
      this.#isPoolDeposed ||= this.told.pool === Role.master;
      for (const who of ["pool", "master"] as const)
        if (this.told[who] === Role.master) this.told[who] = Role.slave;
    }
  }

  #hear(): void {
    const { heard } = this.#parties;
    for (const [who, outlet] of [
      ["pool", heard.pool],
      ["master", heard.master],
      ["master", heard.copy],
    ] as const)
      for (const bytes of outlet.splice(0)) {
        const said = this.#said.get(bytes.readUInt32BE(4));
        this.#said.delete(bytes.readUInt32BE(4));
        if (bytes.readUInt8(1) === Type.error) this.#isRefused(said?.bytes, bytes);
        else this.#isTold(who, bytes.readUInt32BE(8), said?.bytes);
      }
  }

  /** Only an election may fail, and of one that is not behind all others only as the switch wants it to. */
  #isRefused(said: Buffer | undefined, error: Buffer): void {
    if (said === undefined || !error.subarray(12).equals(said)) {
      this.complaints.push(`an error quotes ${error.subarray(12).toString("hex")}`);
      return;
    }
    const role = said.readUInt32BE(8);
    if (role !== Role.master && role !== Role.slave) this.complaints.push(`${role} was refused`);
    else if (!this.wasMoody && !isStale(said.readBigUInt64BE(16), this.#greatest))
      this.complaints.push(`${role} of the greatest generation was refused`);
  }

  /** Until 1.3 no message says that somebody was deposed. */
  #isTold(who: Who, role: number, said: Buffer | undefined): void {
    const other = who === "pool" ? "master" : "pool";
    this.told[who] = role;
    if (who === "pool" || role === Role.master) this.#isPoolDeposed = false;
    if (this.#parties.version < 5 && role === Role.master && this.told[other] === Role.master)
      this.told[other] = Role.slave;
    const wanted = said?.readUInt32BE(8) ?? Role.noChange;
    if (wanted === Role.noChange) return;
    if (role !== wanted) this.complaints.push(`who asked to be ${wanted} was made ${role}`);
    if (wanted !== Role.equal && isStale(said?.readBigUInt64BE(16) ?? 0n, this.#generation))
      this.complaints.push(`${wanted} was granted to a generation that is behind`);
  }
}
