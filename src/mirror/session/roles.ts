/** ofp_controller_role (OpenFlow 1.3.5, 7.3.9). */
const Role = { noChange: 0, equal: 1, master: 2, slave: 3 } as const;

/** role, four bytes that say no more, generation id. */
const length = 16;

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
    if (body.length !== length) return "badLength";
    const role = body.readUInt32BE(0);
    if (role > Role.slave) return "badRole";
    if (role === Role.master || role === Role.slave) {
      const generation = body.readBigUInt64BE(8);
      // Modulo 2^64: what is behind is stale.
      const { generation: last } = this.of;
      if (last !== null && BigInt.asIntN(64, generation - last) < 0n) return "staleRole";
      this.of.generation = generation;
    }
    if (role !== Role.noChange) this.#role = role;
    const reply = Buffer.alloc(length);
    reply.writeUInt32BE(this.#role, 0);
    // None was ever told: all ones.
    reply.writeBigUInt64BE(this.of.generation ?? 2n ** 64n - 1n, 8);
    return reply;
  }
}
