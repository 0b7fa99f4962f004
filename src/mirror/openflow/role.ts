/** ofp_controller_role (OpenFlow 1.3.5, 7.3.9). */
export const Role = { noChange: 0, equal: 1, master: 2, slave: 3 } as const;
export type Role = (typeof Role)[keyof typeof Role];

/** ofp_role_request without its header: role, four bytes that say no more, generation id. */
export const roleLength = 16;

/** Modulo 2^64: what is behind the last one is stale (OpenFlow 1.3.5, 6.3.6). */
export const isStale = (generation: bigint, last: bigint | null): boolean =>
  last !== null && BigInt.asIntN(64, generation - last) < 0n;

/** The body of a ROLE_REQUEST or ROLE_REPLY; all ones where no generation was ever told. */
export function roleBody(role: number, generation: bigint | null): Buffer {
  const body = Buffer.alloc(roleLength);
  body.writeUInt32BE(role, 0);
  body.writeBigUInt64BE(generation ?? 2n ** 64n - 1n, 8);
  return body;
}

/** The body of a ROLE_STATUS (OpenFlow 1.4.1, 7.4.4): slave now, as another one was made master, of the generation in this ROLE_REPLY's body. */
export function deposition(reply: Buffer): Buffer {
  const body = Buffer.alloc(roleLength);
  body.writeUInt32BE(Role.slave, 0);
  reply.copy(body, 8, 8, 16);
  return body;
}
