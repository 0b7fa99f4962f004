import { createPrivateKey, KeyObject, webcrypto } from "node:crypto";

/** Every key of a cluster, the authority's included: small, quick to make, and known to each TLS library. */
export const keyAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

export const newKeyPair = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"]);

/** PKCS#8. */
export const privateKeyPem = (key: webcrypto.CryptoKey): string =>
  KeyObject.from(key).export({ type: "pkcs8", format: "pem" }).toString();

/** SubjectPublicKeyInfo, DER. */
export const publicKeyDer = (key: webcrypto.CryptoKey): Buffer =>
  KeyObject.from(key).export({ type: "spki", format: "der" });

export const signingKey = (pem: string): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey(
    "pkcs8",
    createPrivateKey(pem).export({ type: "pkcs8", format: "der" }),
    keyAlgorithm,
    false,
    ["sign"],
  );
