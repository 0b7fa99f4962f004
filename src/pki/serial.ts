import { randomBytes } from "node:crypto";

/**
 * A certificate's number: 126 random bits, so that no counter has to survive anything. Always 16 bytes that begin
 * neither with zeros nor with the bit of the sign (RFC 5280, 4.1.2.2), hence always 32 digits as node:crypto writes it.
 */
export function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex").toUpperCase();
}
