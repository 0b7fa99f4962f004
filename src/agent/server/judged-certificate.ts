import { X509Certificate } from "node:crypto";
import type { Identity } from "../../api/identity.js";
import { identityIn } from "../../pki/certificate.js";
import { isRevoked } from "../../pki/revoked.js";

/** By what this node judges certificates now, in PEM. */
export interface Judges {
  readonly cluster: string;
  readonly ca: string;
  readonly crl: string;
}

/** A certificate that OpenSSL once accepted, judged by what this node knows since. */
export class JudgedCertificate {
  readonly identity: Identity | null;
  private by: Pick<Judges, "ca" | "crl"> | null = null;
  private revoked = false;
  private foreign = false;

  constructor(private readonly certificate: X509Certificate) {
    this.identity = identityIn(certificate);
  }

  /** Milliseconds since the epoch. */
  get end(): number {
    return Date.parse(this.certificate.validTo);
  }

  /** Why it is not accepted any more; null where it is. */
  trouble({ cluster, ca, crl }: Judges): string | null {
    if (this.by?.ca !== ca || this.by.crl !== crl) {
      this.by = { ca, crl };
      this.revoked = isRevoked(crl, this.certificate);
      this.foreign = !isIssuedBy(ca, this.certificate);
    }
    if (this.foreign) return notAccepted("UNABLE_TO_GET_ISSUER_CERT");
    if (this.revoked) return notAccepted("CERT_REVOKED");
    if (this.end < Date.now()) return notAccepted("CERT_HAS_EXPIRED");
    if (this.identity === null) return "the certificate names nobody of a cluster";
    if (this.identity.cluster !== cluster)
      return `the certificate is for the cluster ${this.identity.cluster}, this is ${cluster}`;
    return null;
  }
}

/** The authority may be another one since the handshake. */
function isIssuedBy(ca: string, certificate: X509Certificate): boolean {
  if (ca === "") return false;
  const authority = new X509Certificate(ca);
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

const words: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "it has expired; ask for a new one (holdfast pki issue)",
  CERT_NOT_YET_VALID: "it is not valid yet: compare the clocks",
  CERT_REVOKED: "it was revoked",
  CRL_HAS_EXPIRED: "the revocation list of this node has expired",
  INVALID_PURPOSE: "it is not meant for a client",
};

/** `error` is OpenSSL's name of it; Node types it as an Error and gives a string. */
export function notAccepted(error: unknown): string {
  const reason = words[String(error)] ?? "it is not one of this cluster's authority";
  return `the certificate is not accepted: ${reason}`;
}
