import type { X509Certificate } from "node:crypto";
import { derInteger } from "./der.js";

/**
 * Whether a list names a certificate; for connections that were made before the list was, whose handshake OpenSSL
 * judges no more. The list must have been verified: its DER is only searched for the certificate's serial, 16 random
 * bytes that stand nowhere else.
 */
export function isRevoked(list: string, { serialNumber }: Pick<X509Certificate, "serialNumber">): boolean {
  const base64 = list.replace(/-----[^-]+-----/g, "");
  return Buffer.from(base64, "base64").includes(derInteger(serialNumber));
}
