import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { identityIn, parseCertificate, readCertificate } from "../../src/pki/certificate.js";
import { derInteger, numberInDer } from "../../src/pki/der.js";
import { issueCertificate, newAuthority, signerOf } from "../../src/pki/issue.js";
import { keyAlgorithm, newKeyPair, publicKeyDer } from "../../src/pki/keys.js";
import { newRequest, readRequest } from "../../src/pki/request.js";
import { readRevocations, signRevocations } from "../../src/pki/revocations.js";
import { loadX509 } from "../../src/pki/x509.js";
import { lbA } from "./site.js";

const now = new Date("2026-11-23T12:00:00Z");
const inOneYear = new Date("2027-11-23T12:00:00Z");

/** A self-signed certificate with these alternative names: what a hostile or careless authority could make. */
async function certificateNaming(
  ...names: { type: "url" | "dns"; value: string }[]
): Promise<X509Certificate> {
  const x509 = await loadX509();
  const keys = await newKeyPair();
  const extensions = names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)];
  const signed = { name: "CN=lb-a", keys, signingAlgorithm: keyAlgorithm, extensions };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(signed);
  return new X509Certificate(certificate.toString("pem"));
}

test("a certificate says who holds it, until when, and which it is", async () => {
  const signer = await signerOf(await newAuthority("campus", { now, days: 3650 }));
  const { publicKey } = await newKeyPair();
  const certificate = await issueCertificate(signer, lbA, publicKeyDer(publicKey), { now, days: 365 });
  expect(readCertificate(certificate)).toEqual({
    identity: lbA,
    serial: expect.stringMatching(/^[4-7][0-9A-F]{31}$/),
    notBefore: new Date("2026-11-23T11:00:00Z"), // A node's clock may be behind.
    notAfter: inOneYear,
  });
  expect(parseCertificate(certificate).checkHost("lb-a")).toBe("lb-a");
});

test("an identity is one URI and nothing that only looks like one", async () => {
  const uri = "holdfast://campus/operator/anna";
  const url = (value: string) => ({ type: "url" as const, value });
  expect(identityIn(await certificateNaming(url(uri)))).toMatchObject({ name: "anna" });
  expect(identityIn(await certificateNaming())).toBeNull();
  expect(identityIn(await certificateNaming({ type: "dns", value: uri }))).toBeNull();
  expect(identityIn(await certificateNaming({ type: "dns", value: `lb-a, URI:${uri}` }))).toBeNull();
  expect(identityIn(await certificateNaming(url(`http://example.org/, URI:${uri}`)))).toBeNull();
  expect(identityIn(await certificateNaming(url(uri), url("holdfast://campus/node/lb-a")))).toBeNull();
  expect(identityIn(await certificateNaming(url(`${uri}\0`)))).toBeNull();
  expect(identityIn(await certificateNaming(url(`${uri}/more`)))).toBeNull();
});

test("text around a certificate, a second one and plain nonsense are refused", async () => {
  const { certificate } = await newAuthority("campus", { now, days: 1 });
  expect(() => parseCertificate(certificate + certificate)).toThrow("not one certificate");
  expect(() => parseCertificate("")).toThrow("not one certificate");
  expect(() => parseCertificate("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")).toThrow(
    "not one certificate",
  );
  expect(() => readCertificate(certificate)).toThrow("names no identity");
});

test("a request is refused when it is altered, of another kind of key, or for nobody", async () => {
  const { request } = await newRequest(lbA);
  expect(await readRequest(request)).toMatchObject({ identity: lbA });
  await expect(readRequest("nonsense")).rejects.toThrow("not a certificate request");
  const x509 = await loadX509();
  const der = Buffer.from(new x509.Pkcs10CertificateRequest(request).rawData);
  const at = der.indexOf("lb-a", der.indexOf("holdfast://"));
  der.write("lb-b", at);
  const altered = x509.PemConverter.encode(der, "CERTIFICATE REQUEST");
  await expect(readRequest(altered)).rejects.toThrow("not signed with its own key");
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, true, [
    "sign",
    "verify",
  ]);
  const other = { name: "CN=lb-a", keys, signingAlgorithm: { name: "ECDSA", hash: "SHA-384" } };
  const p384 = await x509.Pkcs10CertificateRequestGenerator.create(other);
  await expect(readRequest(p384.toString("pem"))).rejects.toThrow("not ECDSA P-256");
  const nobody = { name: "CN=lb-a", keys: await newKeyPair(), signingAlgorithm: keyAlgorithm };
  const unnamed = await x509.Pkcs10CertificateRequestGenerator.create(nobody);
  await expect(readRequest(unnamed.toString("pem"))).rejects.toThrow("does not name one identity");
});

test("a revocation list of another authority of the same name is refused", async () => {
  const [ours, theirs] = [
    await newAuthority("campus", { now, days: 9 }),
    await newAuthority("campus", { now, days: 9 }),
  ];
  const serial = "4F00000000000000000000000000000A";
  const crl = await signRevocations(await signerOf(ours), 300, [{ serial, at: now }], now);
  expect(await readRevocations(crl, ours.certificate)).toMatchObject({ number: 300, serials: [serial] });
  await expect(readRevocations(crl, theirs.certificate)).rejects.toThrow(
    "not signed by the cluster's authority",
  );
  await expect(readRevocations("nonsense", ours.certificate)).rejects.toThrow("not a revocation list");
});

test("a key of another algorithm cannot become an authority's", async () => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  await expect(signerOf({ certificate: "", key })).rejects.toThrow();
});

test("DER integers are written as X.690 says, and read back", () => {
  expect(derInteger("0").toString("hex")).toBe("020100");
  expect(derInteger("7f").toString("hex")).toBe("02017f");
  expect(derInteger("80").toString("hex")).toBe("02020080");
  expect(derInteger("012c").toString("hex")).toBe("0202012c");
  for (const number of [0, 1, 127, 128, 255, 256, 65_536, 2 ** 40])
    expect(numberInDer(derInteger(number.toString(16)))).toBe(number);
  expect(numberInDer(Buffer.from("020200", "hex"))).toBeNull();
  expect(numberInDer(Buffer.alloc(0))).toBeNull();
});
