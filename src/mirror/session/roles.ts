import { isStale, Role, roleBody, roleLength } from "../openflow/role.js";

/** What a switch keeps for as long as it lives, whoever's connection ends. */
export interface Generations {
  /** The last generation_id that was told; null where none was. */
  generation: bigint | null;
}

/** The role of one controller on one connection, as a switch would keep it (OpenFlow 1.3.5, 6.3.6). */
export class Roles {
  #role: number = Role.equal;

  constructor(private readonly of: Generations) {}

  /** The body of the ROLE_REPLY, or why there is none. */
  ask(body: Buffer): Buffer | "badLength" | "badRole" | "staleRole" {
    if (body.length !== roleLength) return "badLength";
    const role = body.readUInt32BE(0);
    if (role > Role.slave) return "badRole";
    if (role === Role.master || role === Role.slave) {
      const generation = body.readBigUInt64BE(8);
      if (isStale(generation, this.of.generation)) return "staleRole";
      this.of.generation = generation;
    }
    if (role !== Role.noChange) this.#role = role;
    return roleBody(this.#role, this.of.generation);
  }
}
