import { message } from "./message.js";
import { Type } from "./message-type.js";

/** ofp_controller_role (OpenFlow 1.3.5, 7.3.9). */
export const Role = { noChange: 0, equal: 1, master: 2, slave: 3 } as const;
export type Role = (typeof Role)[keyof typeof Role];

/** ofp_role_request without its header: role, four bytes that say no more, generation id. A ROLE_STATUS has no less. */
export const roleLength = 16;

/** Modulo 2^64: what is behind the last one is stale (OpenFlow 1.3.5, 6.3.6). */
export const isStale = (generation: bigint, last: bigint | null): boolean =>
  last !== null && BigInt.asIntN(64, generation - last) < 0n;

/** What a switch says that was never told one. */
const noGeneration = 2n ** 64n - 1n;

/** The body of a ROLE_REQUEST or ROLE_REPLY; all ones where no generation was ever told. */
export function roleBody(role: number, generation: bigint | null): Buffer {
  const body = Buffer.alloc(roleLength);
  writeRole(body, role, generation ?? noGeneration);
  return body;
}

/** Into such a body; a generation of null stays what it was. */
export function writeRole(body: Buffer, role: number, generation: bigint | null): void {
  body.writeUInt32BE(role, 0);
  if (generation !== null) body.writeBigUInt64BE(generation, 8);
}

/** What such a body, or a ROLE_STATUS's, says. */
export const roleIn = (body: Buffer): { role: number; generation: bigint } => ({
  role: body.readUInt32BE(0),
  generation: body.readBigUInt64BE(8),
});

/** Whether a ROLE_STATUS's body says OFPCRR_MASTER_REQUEST: another controller asked to be master (OpenFlow 1.4.1, 7.4.4). */
export const becauseOfMaster = (status: Buffer): boolean => status.readUInt8(4) === 0;

/** The last generation of two. */
export function lastOf(one: bigint | null, told: bigint): bigint | null {
  if (told === noGeneration) return one;
  return isStale(told, one) ? one : told;
}

/** A ROLE_STATUS (OpenFlow 1.4.1, 7.4.4): slave now, as another one was made master, of the generation in this ROLE_REPLY. */
export function deposition(reply: Buffer): Buffer {
  const body = Buffer.alloc(roleLength);
  body.writeUInt32BE(Role.slave, 0);
  reply.copy(body, 8, 16, 24);
  return message(reply.readUInt8(0), Type.roleStatus, 0, body);
}
