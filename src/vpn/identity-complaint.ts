import type { KeyObject, X509Certificate } from "node:crypto";
import { keyUsageOf, keyUsages } from "../pki/key-usage.js";
import { certificatesIn, isTrusted, keyIn } from "./identity.js";

/** A file that is there, for messages, and what stands in it. */
export interface PemFile {
  readonly path: string;
  readonly text: string;
}

/** What a machine of the network shows of itself, and whom it believes. */
export interface IdentityFiles {
  readonly ca: PemFile;
  readonly certificate: PemFile;
  readonly key: PemFile;
}

export interface Holder {
  /** The common name by which the others know it. */
  readonly name: string;
  readonly kind: "client" | "server";
}

/** RFC 5280, 4.2.1.12: id-kp-serverAuth and id-kp-clientAuth. */
const [serverAuth, clientAuth] = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"] as const;

/** A server answers clients, and calls other servers. */
const words = {
  client: {
    extended: [clientAuth],
    wanted: "clientAuth",
    use: "TLS clients",
    refused: "so that the servers refuse it",
    otherwise: ", or ask for the client of that name",
  },
  server: {
    extended: [serverAuth, clientAuth],
    wanted: "serverAuth,clientAuth",
    use: "both TLS servers and TLS clients",
    refused: "so that clients or other servers refuse it",
    otherwise: "",
  },
} as const;

/** What does for a client does for a server too (OpenSSL, `check_purpose_ssl_client` and `check_purpose_ssl_server`). */
const fitting = keyUsages.digitalSignature | keyUsages.keyAgreement;

/**
 * Why OpenVPN does not start with these files, or why whoever it meets refuses them (openvpn(8), `remote-cert-tls`,
 * `verify-x509-name`), with the cure; null where nothing is wrong. Nothing of a file's text is repeated: it may be a key.
 *
 * @param now milliseconds since the epoch
 */
export function identityComplaint(files: IdentityFiles, holder: Holder, now: number): string | null {
  const { ca, certificate, key } = files;
  const [own, ...between] = certificatesIn(certificate.text);
  const authorities = certificatesIn(ca.text);
  const secret = keyIn(key.text);
  if (own === undefined) return `${certificate.path} is not a certificate in PEM`;
  if (authorities.length === 0) return `${ca.path} is not a certificate in PEM`;
  if (secret === null) return `${key.path} is not a key without a passphrase in PEM`;
  return (
    nameComplaint(own, files, holder) ??
    keyComplaint(own, files, secret) ??
    (isTrusted(own, between, authorities) ? null : untrusted(files, holder)) ??
    dateComplaint(own, files, now) ??
    (isTrusted(own, between.filter(isValid(now)), authorities.filter(isValid(now)))
      ? null
      : overdue(files)) ??
    usageComplaint(own, files, holder)
  );
}

function nameComplaint(own: X509Certificate, files: IdentityFiles, { name, kind }: Holder): string | null {
  // OpenVPN takes the last of several.
  const found = [own.toLegacyObject().subject.CN ?? []].flat().at(-1);
  if (found === name) return null;
  const known = found === undefined ? "of nobody" : JSON.stringify(found);
  return `${files.certificate.path} has the common name ${known}: issue one for ${name}${words[kind].otherwise}`;
}

const keyComplaint = (own: X509Certificate, files: IdentityFiles, secret: KeyObject): string | null =>
  own.checkPrivateKey(secret)
    ? null
    : `${files.key.path} is not the key of ${files.certificate.path}: take the two that were made together`;

const untrusted = ({ ca, certificate }: IdentityFiles, { kind }: Holder): string =>
  `${certificate.path} was not issued by ${ca.path}, ${words[kind].refused}: take the authority of all servers' certificates`;

const isValid =
  (now: number) =>
  ({ validFrom, validTo }: X509Certificate): boolean =>
    Date.parse(validFrom) <= now && now <= Date.parse(validTo);

function dateComplaint(own: X509Certificate, { certificate }: IdentityFiles, now: number): string | null {
  if (isValid(now)(own)) return null;
  return Date.parse(own.validTo) < now
    ? `${certificate.path} expired on ${own.validTo}: issue another one`
    : `${certificate.path} is not valid before ${own.validFrom}: set the clock that is wrong, or issue another one`;
}

const overdue = ({ ca, certificate }: IdentityFiles): string =>
  `${ca.path} has no authority of ${certificate.path} that is valid now: take one that is, for all machines of this network`;

function usageComplaint(own: X509Certificate, files: IdentityFiles, { kind }: Holder): string | null {
  const { path } = files.certificate;
  const { extended, wanted, use, refused } = words[kind];
  const usage = keyUsageOf(own);
  if (usage === null) return `${path} has no keyUsage, ${refused}: issue one with keyUsage=digitalSignature`;
  if ((usage & fitting) === 0)
    return `${path} has a keyUsage that is not for ${use}, ${refused}: issue one with keyUsage=digitalSignature`;
  if (extended.every((each) => own.keyUsage?.includes(each))) return null;
  return `${path} is not for ${use}, ${refused}: issue one with extendedKeyUsage=${wanted}`;
}
