import { duplexPair } from "node:stream";
import { connect, createSecureContext, TLSSocket } from "node:tls";
import type { Bundle } from "./bundle.js";
import { secureContextOf } from "./policy.js";

/**
 * What OpenSSL says of a node's bundle when its certificate is shown to somebody who has the same: null, or the code of
 * a failed verification, for instance CERT_HAS_EXPIRED, CERT_REVOKED, CRL_SIGNATURE_FAILURE, UNABLE_TO_GET_CRL. A
 * whole handshake within this process, since Node offers no verification without one.
 * @throws where a part of it cannot even be parsed
 */
export async function tryHandshake(bundle: Bundle): Promise<string | null> {
  const secureContext = createSecureContext(secureContextOf(bundle));
  const [near, far] = duplexPair();
  const server = new TLSSocket(near, { secureContext, isServer: true });
  server.on("error", () => undefined); // The client tells what there is to tell.
  const client = connect({
    socket: far,
    secureContext,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  try {
    return await new Promise((resolve, reject) => {
      client.once("error", reject);
      client.once("secureConnect", () =>
        // Declared as an Error, but after a handshake that went on it is the code alone.
        resolve(client.authorized ? null : String(client.authorizationError)),
      );
    });
  } finally {
    client.destroy();
    server.destroy();
  }
}
