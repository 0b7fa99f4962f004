import { derInteger, numberInDer } from "./der.js";
import { clockTolerance, type Signer } from "./issue.js";
import { keyAlgorithm } from "./keys.js";
import { PkiError } from "./pki-error.js";
import { loadX509 } from "./x509.js";

/** A certificate that is no longer good, and since when. */
export interface Revocation {
  readonly serial: string;
  readonly at: Date;
}

/** A list that was verified. */
export interface Revocations {
  /** Counts up with each list of an authority: of two, the higher is the newer (RFC 5280, 5.2.3). */
  readonly number: number;
  readonly serials: readonly string[];
  /** The list alone, without what may have stood around it. */
  readonly pem: string;
}

/** cRLNumber (RFC 5280, 5.2.3). */
const crlNumber = "2.5.29.20";
/** RFC 7468, section 6; the library's own label is one that OpenSSL does not know. */
const label = "X509 CRL";

/**
 * A revocation list in PEM. It holds as long as the authority: OpenSSL refuses *everybody* once the list is past its
 * nextUpdate, so a date that somebody has to remember would one day lock all nodes and all operators out at once.
 * What makes a list old is a newer one with a higher number.
 */
export async function signRevocations(
  signer: Signer,
  number: number,
  revoked: readonly Revocation[],
  now: Date,
): Promise<string> {
  const x509 = await loadX509();
  const authority = new x509.X509Certificate(signer.certificate);
  const list = await x509.X509CrlGenerator.create({
    issuer: authority.subjectName,
    thisUpdate: new Date(now.getTime() - clockTolerance),
    nextUpdate: authority.notAfter,
    entries: revoked.map(({ serial, at }) => ({ serialNumber: serial, revocationDate: at })),
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
      new x509.Extension(crlNumber, false, derInteger(number.toString(16))),
    ],
    signingAlgorithm: keyAlgorithm,
    signingKey: signer.key,
  });
  return `${x509.PemConverter.encode(list.rawData, label)}\n`;
}

/** @throws PkiError unless it is a list that the authority signed */
export async function readRevocations(pem: string, authority: string): Promise<Revocations> {
  const x509 = await loadX509();
  let list: InstanceType<typeof x509.X509Crl>;
  let signed: boolean;
  try {
    list = new x509.X509Crl(pem);
    signed = await list.verify({ publicKey: new x509.X509Certificate(authority) });
  } catch {
    throw new PkiError("that is not a revocation list in PEM");
  }
  if (!signed) throw new PkiError("the revocation list is not signed by the cluster's authority");
  const number = numberInDer(new Uint8Array(list.getExtension(crlNumber)?.value ?? new ArrayBuffer(0)));
  if (number === null) throw new PkiError("the revocation list has no number");
  const serials = list.entries.map(({ serialNumber }) => serialNumber.toUpperCase());
  return { number, serials, pem: `${x509.PemConverter.encode(list.rawData, label)}\n` };
}
