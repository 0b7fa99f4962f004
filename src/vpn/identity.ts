import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { pemBlocks } from "../render/vpn/inline-identity.js";

/** The certificates in a PEM file, whatever else stands there; none where one of them cannot be read. */
export function certificatesIn(text: string): X509Certificate[] {
  try {
    return certificateBlocks(text).map((block) => new X509Certificate(block));
  } catch {
    return [];
  }
}

/** The key in a PEM file; null where there is none, or it has a passphrase. */
export function keyIn(text: string): KeyObject | null {
  try {
    return createPrivateKey(keyBlock(text) ?? "");
  } catch {
    return null;
  }
}

export const certificateBlocks = (text: string): string[] =>
  pemBlocks(text).filter((block) => /^-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/.test(block));

/** openssl-ecparam(1) writes the curve's parameters above it. */
export const keyBlock = (text: string): string | undefined =>
  pemBlocks(text).find((block) => /^-----BEGIN (?:[A-Z0-9]+ )?PRIVATE KEY-----/.test(block));

/**
 * Whether one of the authorities stands at the end of the certificate's chain, as OpenSSL asks. The chain goes through
 * what the certificate's file has behind it, or through authorities that another one made.
 */
export function isTrusted(
  own: X509Certificate,
  between: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): boolean {
  const lineage = [own];
  for (const one of lineage)
    lineage.push(
      ...[...between, ...authorities].filter((each) => !lineage.includes(each) && issued(each, one)),
    );
  return lineage.some((each) => authorities.includes(each) && issued(each, each));
}

const issued = (authority: X509Certificate, one: X509Certificate): boolean =>
  one.checkIssued(authority) && one.verify(authority.publicKey);
