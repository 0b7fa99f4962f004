import { constants, X509Certificate } from "node:crypto";
import type { ConnectionOptions, SecureContextOptions } from "node:tls";
import { type Identity, identityUri } from "../api/identity.js";
import type { Bundle } from "./bundle.js";
import { identityIn } from "./certificate.js";

/**
 * What both ends of a connection use: for createServer, for `server.setSecureContext` when it changes, and for connect.
 * The revocation list makes OpenSSL judge each peer by it.
 */
export const secureContextOf = ({ ca, crl, certificate, key }: Bundle): SecureContextOptions => ({
  ca,
  crl,
  cert: certificate,
  key,
  minVersion: "TLSv1.3",
  // No session tickets: who comes back with one is not asked for a certificate, also when it was revoked meanwhile.
  secureOptions: constants.SSL_OP_NO_TICKET,
});

/**
 * A client talks only to the one it means. Addresses and host names play no part: they stand in no certificate, so a
 * node may change its address, and one node's certificate is of no use at another's.
 */
export const clientPolicy = (expected: Identity) =>
  ({
    rejectUnauthorized: true,
    checkServerIdentity: (_host, { raw }) => {
      const found = identityIn(new X509Certificate(raw));
      if (found !== null && identityUri(found) === identityUri(expected)) return undefined;
      return new Error(
        `expected ${identityUri(expected)}, but ${found === null ? "nobody of a cluster" : identityUri(found)} answers`,
      );
    },
  }) as const satisfies ConnectionOptions;
