import type { webcrypto } from "node:crypto";
import { type Identity, identityUri } from "../api/identity.js";
import { keyAlgorithm, newKeyPair, privateKeyPem, signingKey } from "./keys.js";
import { newSerial } from "./serial.js";
import { loadX509 } from "./x509.js";

/** What signs: the authority's certificate, in PEM, and its key. */
export interface Signer {
  readonly certificate: string;
  readonly key: webcrypto.CryptoKey;
}

export interface Validity {
  readonly now: Date;
  readonly days: number;
}

const day = 86_400_000;
/** Milliseconds by which validity begins early: the clock of a machine that has just booted may be behind. */
export const clockTolerance = 3_600_000;

export async function signerOf(authority: { certificate: string; key: string }): Promise<Signer> {
  return { certificate: authority.certificate, key: await signingKey(authority.key) };
}

/** A new authority, which can sign holders' certificates and no further authority; both in PEM. */
export async function newAuthority(
  cluster: string,
  { now, days }: Validity,
): Promise<{ certificate: string; key: string }> {
  const x509 = await loadX509();
  const keys = await newKeyPair();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: authorityName(cluster),
    keys,
    notBefore: new Date(now.getTime() - clockTolerance),
    notAfter: new Date(now.getTime() + days * day),
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString("pem")}\n`, key: privateKeyPem(keys.privateKey) };
}

/**
 * A certificate in PEM for the holder of a public key (SubjectPublicKeyInfo, DER). It ends with the authority's own at
 * the latest. Only a node's may be shown by a server, so that an operator's key cannot pose as an agent.
 */
export async function issueCertificate(
  signer: Signer,
  identity: Identity,
  publicKey: Uint8Array,
  { now, days }: Validity,
): Promise<string> {
  const x509 = await loadX509();
  const authority = new x509.X509Certificate(signer.certificate);
  const { clientAuth, serverAuth } = x509.ExtendedKeyUsage;
  const key = new x509.PublicKey(publicKey);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [{ CN: [identity.name] }],
    issuer: authority.subjectName,
    notBefore: new Date(now.getTime() - clockTolerance),
    notAfter: new Date(Math.min(now.getTime() + days * day, authority.notAfter.getTime())),
    publicKey: key,
    signingKey: signer.key,
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(identity.role === "node" ? [serverAuth, clientAuth] : [clientAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: "url", value: identityUri(identity) },
        { type: "dns", value: identity.name },
      ]),
      await x509.SubjectKeyIdentifierExtension.create(key),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  return `${certificate.toString("pem")}\n`;
}

const authorityName = (cluster: string) => [{ O: ["holdfast"] }, { CN: [`${cluster} authority`] }];
