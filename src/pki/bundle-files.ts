/** The files of a bundle, on a node and on the operator's machine. */
export const bundleFiles = {
  ca: "ca.crt",
  crl: "crl.pem",
  certificate: "identity.crt",
  key: "identity.key",
  /** The key of a certificate that is asked for, or is being put in place. */
  nextKey: "identity.key.next",
} as const;
