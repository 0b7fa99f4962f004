import { type Identity, identityUri } from "../api/identity.js";
import type { CertificateWork } from "./apart/work.js";
import { keepNextKey, readBundle, readNextKey, renew, writeRevocations } from "./bundle.js";
import { isIssuedBy, matchesKey, parseCertificate, readCertificate } from "./certificate.js";
import { PkiError } from "./pki-error.js";
import { tryHandshake } from "./trial.js";

/** Makes a key that never leaves the bundle's directory, and returns the request for its certificate. */
export async function requestCertificate(
  directory: string,
  identity: Identity,
  work: CertificateWork,
): Promise<string> {
  const { key, request } = await work.newRequest(identity);
  await keepNextKey(directory, key);
  return request;
}

/** Takes the certificate for the key that was made last. @throws PkiError; then the bundle is as it was */
export async function installCertificate(directory: string, pem: string): Promise<void> {
  const bundle = await readBundle(directory);
  const key = await readNextKey(directory);
  if (key === null) throw new PkiError("no certificate was asked for; make a request first");
  const given = parseCertificate(pem, "what was given");
  if (!matchesKey(given, key))
    throw new PkiError("the certificate is not for the key that was made last; make a new request");
  if (!isIssuedBy(given, parseCertificate(bundle.ca)))
    throw new PkiError("the certificate is not signed by the cluster's authority");
  const certificate = given.toString();
  const [mine, its] = [identityOf(bundle.certificate), identityOf(certificate)];
  if (mine !== its) throw new PkiError(`the certificate is for ${its}, and this is ${mine}`);
  const refusal = await tryHandshake({ ...bundle, certificate, key });
  if (refusal !== null) throw new PkiError(`peers would refuse the certificate: ${refusal}`);
  await renew(directory, certificate);
}

/**
 * Takes a newer revocation list; false where it is the one that is there.
 * @throws PkiError where the authority did not sign it, or it is older; then the bundle is as it was
 */
export async function installRevocations(
  directory: string,
  pem: string,
  work: CertificateWork,
): Promise<boolean> {
  const bundle = await readBundle(directory);
  const given = await work.readRevocations(pem, bundle.ca);
  const held = await work.readRevocations(bundle.crl, bundle.ca);
  if (given.number < held.number)
    throw new PkiError(
      `revocation list ${given.number} is older than list ${held.number}, which is in force`,
    );
  if (given.number === held.number) {
    if (given.pem.trim() === held.pem.trim()) return false;
    throw new PkiError(
      `another revocation list ${held.number} is in force: the authority's ledger is not the one that made it; revoke once more, which makes a newer list`,
    );
  }
  await writeRevocations(directory, given.pem);
  return true;
}

const identityOf = (certificate: string): string => identityUri(readCertificate(certificate).identity);
