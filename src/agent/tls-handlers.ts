import { ApiError } from "../api/api-error.js";
import { PkiError } from "../pki/pki-error.js";
import type { Handlers } from "./server/handlers.js";
import type { TlsIdentity } from "./tls-identity.js";

/** The routes by which a node gets a new certificate and a newer revocation list. */
export const tlsHandlers = (
  identity: TlsIdentity,
): Pick<Handlers, "certificateRequest" | "certificate" | "revocations" | "peerRevocations"> => ({
  certificateRequest: async () => ({ request: await told(identity.newKeyAndRequest()) }),
  certificate: async ({ body }) => {
    await told(identity.installCertificate(body.certificate));
    return { done: true };
  },
  revocations: ({ body }) => taken(identity, body.crl),
  peerRevocations: ({ body }) => taken(identity, body.crl),
});

async function taken(identity: TlsIdentity, crl: string): Promise<{ done: true }> {
  await told(identity.installRevocations(crl));
  return { done: true };
}

/** What is wrong with a certificate or a list is the asker's to know (409: as things stand on this node). */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof PkiError ? new ApiError(409, error.message) : error;
  }
}
