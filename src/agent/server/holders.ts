import type { TLSSocket } from "node:tls";
import type { Caller } from "./caller.js";
import { plainAddress } from "./connection-limit.js";
import { JudgedCertificate, type Judges, notAccepted } from "./judged-certificate.js";

/** Who is behind each TLS connection. Asked anew for every request: a connection outlives what its handshake saw. */
export class Holders {
  private readonly shown = new WeakMap<TLSSocket, JudgedCertificate | null>();

  constructor(private readonly current: () => Judges) {}

  callerOn(socket: TLSSocket): Caller {
    const nobody = (why: string): Caller => ({
      kind: "nobody",
      address: plainAddress(socket.remoteAddress),
      why,
    });
    const judges = this.current();
    const certificate = this.certificateOn(socket);
    if (certificate === null)
      return nobody(`show a certificate of the cluster ${judges.cluster} (holdfast pki issue)`);
    // OpenSSL's own word: signed by the authority, in time, meant for a client, not on the list of that moment.
    if (!socket.authorized) return nobody(notAccepted(socket.authorizationError));
    const { identity } = certificate;
    const why = certificate.trouble(judges);
    if (why !== null || identity === null) return nobody(why ?? "");
    return { kind: "holder", identity };
  }

  /** What the other end showed, accepted or not; null where it showed none. */
  certificateOn(socket: TLSSocket): JudgedCertificate | null {
    let shown = this.shown.get(socket);
    if (shown === undefined) {
      const certificate = socket.getPeerX509Certificate();
      shown = certificate === undefined ? null : new JudgedCertificate(certificate);
      this.shown.set(socket, shown);
    }
    return shown;
  }
}
