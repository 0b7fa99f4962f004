import { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { identityIn } from "../../pki/certificate.js";
import { isRevoked } from "../../pki/revoked.js";
import type { Caller } from "./caller.js";
import { plainAddress } from "./connection-limit.js";

interface Shown {
  readonly certificate: X509Certificate | undefined;
  /** What the rest follows from. */
  by: Judges | null;
  revoked: boolean;
  foreign: boolean;
}

/** By what this node judges certificates now, in PEM. */
interface Judges {
  readonly ca: string;
  readonly crl: string;
}

/** Who is behind each TLS connection. Asked anew for every request: a connection outlives what its handshake saw. */
export class Holders {
  private readonly shown = new WeakMap<TLSSocket, Shown>();

  constructor(private readonly current: () => Judges & { readonly cluster: string }) {}

  callerOn(socket: TLSSocket): Caller {
    const nobody = (why: string): Caller => ({
      kind: "nobody",
      address: plainAddress(socket.remoteAddress),
      why,
    });
    const { cluster, ...judges } = this.current();
    const shown = this.shownOn(socket, judges);
    const { certificate } = shown;
    if (certificate === undefined)
      return nobody(`show a certificate of the cluster ${cluster} (holdfast pki issue)`);
    // OpenSSL's own word: signed by the authority, in time, meant for a client, not on the list of that moment.
    if (!socket.authorized) return nobody(notAccepted(socket.authorizationError));
    if (shown.foreign) return nobody(notAccepted("UNABLE_TO_GET_ISSUER_CERT"));
    if (shown.revoked) return nobody(notAccepted("CERT_REVOKED"));
    if (Date.parse(certificate.validTo) < Date.now()) return nobody(notAccepted("CERT_HAS_EXPIRED"));
    const identity = identityIn(certificate);
    if (identity === null) return nobody("the certificate names nobody of a cluster");
    if (identity.cluster !== cluster)
      return nobody(`the certificate is for the cluster ${identity.cluster}, this is ${cluster}`);
    return { kind: "holder", identity };
  }

  private shownOn(socket: TLSSocket, { ca, crl }: Judges): Shown {
    let shown = this.shown.get(socket);
    if (shown === undefined) {
      const certificate = socket.getPeerX509Certificate();
      shown = { certificate, by: null, revoked: false, foreign: false };
      this.shown.set(socket, shown);
    }
    const { certificate, by } = shown;
    if (certificate !== undefined && (by?.ca !== ca || by.crl !== crl)) {
      shown.by = { ca, crl };
      shown.revoked = isRevoked(crl, certificate);
      shown.foreign = !isIssuedBy(ca, certificate);
    }
    return shown;
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
function notAccepted(error: unknown): string {
  const reason = words[String(error)] ?? "it is not one of this cluster's authority";
  return `the certificate is not accepted: ${reason}`;
}
