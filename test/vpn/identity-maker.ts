import type { webcrypto } from "node:crypto";
import { keyAlgorithm, newKeyPair, privateKeyPem } from "../../src/pki/keys.js";
import { loadX509 } from "../../src/pki/x509.js";
import { vpnPlaces } from "../../src/render/vpn/places.js";
import type { IdentityFiles } from "../../src/vpn/identity-complaint.js";

/** When all identities of these tests are looked at. */
export const now = Date.parse("2026-11-23T12:00:00Z");
const day = 86_400_000;

export type Usage = "digitalSignature" | "keyEncipherment" | "keyAgreement" | "keyCertSign";

export interface Wanted {
  readonly subject: string;
  /** Null: without the extension. */
  readonly usage: Usage | null;
  readonly extended: readonly ("serverAuth" | "clientAuth")[];
  /** Days from `now` on, or before it. */
  readonly begins: number;
  readonly ends: number;
  /** Default: new ones. */
  readonly keys?: webcrypto.CryptoKeyPair;
}

export const server: Wanted = {
  subject: "CN=vpn-a",
  usage: "digitalSignature",
  extended: ["serverAuth", "clientAuth"],
  begins: -1,
  ends: 1,
};
export const client: Wanted = { ...server, subject: "CN=host1", extended: ["clientAuth"] };
const authorityOf = (name: string): Wanted => ({
  ...server,
  subject: `CN=${name}`,
  usage: "keyCertSign",
  extended: [],
});

export interface Made {
  readonly certificate: string;
  readonly key: string;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly subject: string;
}

/** A certificate as some authority, careful or not, would make it; by itself where there is none. */
export async function made(wanted: Wanted, by: Made | null): Promise<Made> {
  const x509 = await loadX509();
  const keys = wanted.keys ?? (await newKeyPair());
  const { subject, usage, extended, begins, ends } = wanted;
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: by?.subject ?? subject,
    notBefore: new Date(now + begins * day),
    notAfter: new Date(now + ends * day),
    publicKey: keys.publicKey,
    signingKey: (by?.keys ?? keys).privateKey,
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(usage === "keyCertSign"),
      ...(usage === null ? [] : [new x509.KeyUsagesExtension(x509.KeyUsageFlags[usage], true)]),
      ...(extended.length === 0
        ? []
        : [new x509.ExtendedKeyUsageExtension(extended.map((each) => x509.ExtendedKeyUsage[each]))]),
    ],
  });
  return {
    certificate: `${certificate.toString("pem")}\n`,
    key: privateKeyPem(keys.privateKey),
    keys,
    subject,
  };
}

export const authority = (
  name: string,
  by: Made | null = null,
  change: Partial<Wanted> = {},
): Promise<Made> => made({ ...authorityOf(name), ...change }, by);

export const identityFiles = (ca: string, certificate: string, key: string): IdentityFiles => ({
  ca: { path: "ca.crt", text: ca },
  certificate: { path: "own.crt", text: certificate },
  key: { path: "own.key", text: key },
});

/** What an operator puts on a server, by its path: good for as long as anybody's clock may be wrong. */
export async function filesOfServer(name: string): Promise<Readonly<Record<string, string>>> {
  const lasting = { begins: -25_000, ends: 25_000 };
  const root = await authority("root", null, lasting);
  const { certificate, key } = await made({ ...server, ...lasting, subject: `CN=${name}` }, root);
  const { pki } = vpnPlaces;
  return {
    [`${pki}/ca.crt`]: root.certificate,
    [`${pki}/server.crt`]: certificate,
    [`${pki}/server.key`]: key,
  };
}
