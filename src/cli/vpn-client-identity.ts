import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ClientIdentity, pemBlocks } from "../render/vpn/inline-identity.js";
import { UserError } from "./context.js";

/** RFC 5280, 4.2.1.12: id-kp-clientAuth, which the servers ask for. */
const clientAuth = "1.3.6.1.5.5.7.3.2";

/** Reads ca.crt, NAME.crt and NAME.key of a directory. Throws, naming the file and the cure, where OpenVPN could not use them. */
export async function readClientIdentity(directory: string, name: string): Promise<ClientIdentity> {
  const files = {
    ca: join(directory, "ca.crt"),
    certificate: join(directory, `${name}.crt`),
    key: join(directory, `${name}.key`),
  };
  const read = async (file: string) => pemBlocks(await readPem(file, name));
  const [ca, [certificate = ""], [key = ""]] = await Promise.all([
    read(files.ca),
    read(files.certificate),
    read(files.key),
  ]);
  const own = parsed(files.certificate, "a certificate", () => new X509Certificate(certificate));
  const authorities = parsed(files.ca, "a certificate", () => ca.map((each) => new X509Certificate(each)));
  const secret = parsed(files.key, "a key without a passphrase", () => createPrivateKey(key));
  const subject = /^CN=(.*)$/m.exec(own.subject)?.[1];
  if (subject !== name)
    throw new UserError(
      `${files.certificate} has the common name ${subject === undefined ? "of nobody" : JSON.stringify(subject)}: issue one for ${name}, or ask for the client of that name`,
    );
  if (!own.checkPrivateKey(secret))
    throw new UserError(
      `${files.key} is not the key of ${files.certificate}: take the two that were made together`,
    );
  if (!authorities.some(({ publicKey }) => own.verify(publicKey)))
    throw new UserError(
      `${files.certificate} was not issued by ${files.ca}, so that the servers refuse it: take the authority of the servers' certificates`,
    );
  if (Date.parse(own.validTo) < Date.now())
    throw new UserError(`${files.certificate} expired on ${own.validTo}: issue another one`);
  if (!(own.keyUsage ?? []).includes(clientAuth))
    throw new UserError(
      `${files.certificate} is not for TLS clients, so that the servers refuse it: issue one with extendedKeyUsage=clientAuth`,
    );
  return { ca: ca.join("\n"), certificate, key };
}

async function readPem(file: string, name: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UserError(
      `cannot read ${file} (${reason}): name a directory with ca.crt, ${name}.crt and ${name}.key`,
    );
  }
}

function parsed<T>(file: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new UserError(`${file} is not ${what} in PEM`);
  }
}
