import { type Identity, identityUri, parseIdentity } from "../api/identity.js";
import { keyAlgorithm, newKeyPair, privateKeyPem } from "./keys.js";
import { PkiError } from "./pki-error.js";
import { loadX509 } from "./x509.js";

/** A new key and the request (PKCS#10, RFC 2986) for its certificate, both in PEM. */
export async function newRequest(identity: Identity): Promise<{ key: string; request: string }> {
  const x509 = await loadX509();
  const keys = await newKeyPair();
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [identity.name] }],
    keys,
    signingAlgorithm: keyAlgorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "url", value: identityUri(identity) }])],
  });
  return { key: privateKeyPem(keys.privateKey), request: `${request.toString("pem")}\n` };
}

/** What a request asks for: nothing else in it is ever copied into a certificate. */
export interface Request {
  readonly identity: Identity;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
}

/** @throws PkiError unless whoever wrote it holds its key, the key is of our kind, and it names one identity */
export async function readRequest(pem: string): Promise<Request> {
  const x509 = await loadX509();
  let request: InstanceType<typeof x509.Pkcs10CertificateRequest>;
  let signed: boolean;
  try {
    request = new x509.Pkcs10CertificateRequest(pem);
    signed = await request.verify();
  } catch {
    throw new PkiError("that is not a certificate request in PEM");
  }
  if (!signed) throw new PkiError("the request is not signed with its own key");
  const { algorithm } = request.publicKey;
  if (algorithm.name !== "ECDSA" || !("namedCurve" in algorithm) || algorithm.namedCurve !== "P-256")
    throw new PkiError("the request's key is not ECDSA P-256");
  const names = request.extensions.find(
    (extension) => extension instanceof x509.SubjectAlternativeNameExtension,
  );
  const uris = names?.names.items.filter(({ type }) => type === "url") ?? [];
  const identity = uris.length === 1 ? parseIdentity(uris[0]?.value ?? "") : null;
  if (identity === null) throw new PkiError("the request does not name one identity of a cluster");
  return { identity, publicKey: new Uint8Array(request.publicKey.rawData) };
}
