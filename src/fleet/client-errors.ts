/** No answer came: nobody listens there, the time was over, or whoever answers is not who was meant. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";

  constructor(
    /** The node, or `this node`. */
    readonly node: string,
    /** One clause for each address that was tried. */
    readonly causes: readonly string[],
    /** The request may have arrived, and may be carried out. */
    readonly sent = false,
    options?: ErrorOptions,
  ) {
    super(`${node} is out of reach: ${causes.join("; ")}`, options);
  }
}

/** An agent answered that it does not do this; its message says why. */
export class RefusedCall extends Error {
  override readonly name = "RefusedCall";

  constructor(
    readonly node: string,
    /** HTTP, 400 and above. */
    readonly status: number,
    /** The agent's own words. */
    readonly reason: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    // A node that speaks of itself has named itself.
    super(reason.startsWith(`${node}: `) ? reason : `${node}: ${reason}`);
  }
}

/** Said of an agent whose authority is not the one that this end trusts. */
export const foreignCertificate = "its certificate is not of this cluster's authority";

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  EHOSTUNREACH: "no route to it",
  ENETUNREACH: "no route to it",
  ENOENT: "the socket is not there: the agent does not run",
  EACCES: "only root may",
  EPROTO: "it does not speak TLS as it should",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet: compare the clocks",
  CERT_REVOKED: "its certificate was revoked",
  INVALID_PURPOSE: "its certificate is not an agent's",
  ...Object.fromEntries(
    [
      "CERT_SIGNATURE_FAILURE",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_GET_CRL",
      "UNABLE_TO_GET_ISSUER_CERT",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    ].map((code) => [code, foreignCertificate]),
  ),
};

/** One clause for people. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return words[code] ?? error.message;
}
