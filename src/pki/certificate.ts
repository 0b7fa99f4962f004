import { createPrivateKey, X509Certificate } from "node:crypto";
import { type Identity, parseIdentity } from "../api/identity.js";
import { PkiError } from "./pki-error.js";

/** What a certificate says of its holder. */
export interface CertificateFacts {
  readonly identity: Identity;
  /** Hexadecimal, upper case. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** @throws PkiError where the text is no certificate, or names nobody of a cluster */
export function readCertificate(pem: string): CertificateFacts {
  const certificate = parseCertificate(pem);
  const identity = identityIn(certificate);
  if (identity === null) throw new PkiError("the certificate names no identity of a cluster");
  const { serialNumber, validFrom, validTo } = certificate;
  return { identity, serial: serialNumber, notBefore: new Date(validFrom), notAfter: new Date(validTo) };
}

/** `what` it is, for the message. @throws PkiError where it is not exactly one certificate in PEM */
export function parseCertificate(pem: string, what = "that"): X509Certificate {
  try {
    // OpenSSL alone would take the first of several.
    if (pem.split("-----BEGIN ").length === 2) return new X509Certificate(pem);
  } catch {
    // Node's words say where its parser stood, which helps nobody.
  }
  throw new PkiError(`${what} is not one certificate in PEM`);
}

/**
 * Who the certificate names: the one URI among its alternative names. Node writes a name that holds a comma or a quote
 * as a JSON string, so a list without a quote can be split without being fooled; the authority never needs one.
 */
export function identityIn({ subjectAltName }: X509Certificate): Identity | null {
  if (subjectAltName === undefined || subjectAltName.includes('"')) return null;
  const uris = subjectAltName.split(", ").filter((name) => name.startsWith("URI:"));
  const [uri] = uris;
  return uri === undefined || uris.length > 1 ? null : parseIdentity(uri.slice("URI:".length));
}

/** Whether the private key belongs to the certificate. */
export function matchesKey(certificate: X509Certificate, key: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** Whether the authority signed the certificate, now or ever. */
export const isIssuedBy = (certificate: X509Certificate, authority: X509Certificate): boolean =>
  authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
