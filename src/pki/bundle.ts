import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleFiles } from "./bundle-files.js";
import { isIssuedBy, matchesKey, parseCertificate } from "./certificate.js";
import { PkiError } from "./pki-error.js";
import { moveSafely, writeSafely } from "./safe-file.js";

/** All that its holder needs to be somebody to a cluster; each in PEM. */
export interface Bundle {
  readonly ca: string;
  readonly crl: string;
  readonly certificate: string;
  readonly key: string;
}

/** Makes the directory (0700) if need be. What is there is replaced, and is whole at every moment: see `renew`. */
export async function writeBundle(directory: string, bundle: Bundle): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeSafely(join(directory, bundleFiles.ca), bundle.ca, 0o644);
  await writeSafely(join(directory, bundleFiles.crl), bundle.crl, 0o644);
  await writeSafely(join(directory, bundleFiles.nextKey), bundle.key, 0o600);
  await renew(directory, bundle.certificate);
}

/**
 * Puts a certificate in place, and then its key, which waits beside. Two files cannot change at once: between the two,
 * also for ever if the machine dies there, `readBundle` finds the certificate's key still waiting and takes that.
 */
export async function renew(directory: string, certificate: string): Promise<void> {
  await writeSafely(join(directory, bundleFiles.certificate), certificate, 0o644);
  await moveSafely(join(directory, bundleFiles.nextKey), join(directory, bundleFiles.key));
}

/** @throws PkiError where a file is missing, or they do not belong together */
export async function readBundle(directory: string): Promise<Bundle> {
  const read = async (name: string): Promise<string> => {
    const body = await fileOrNull(join(directory, name));
    if (body === null) throw new PkiError(`there is no ${name} in ${directory}`);
    return body;
  };
  // The waiting key is read before the one that it becomes: so one of the two is the certificate's at any moment.
  const nextKey = await fileOrNull(join(directory, bundleFiles.nextKey));
  const [ca, crl, certificate] = [
    await read(bundleFiles.ca),
    await read(bundleFiles.crl),
    await read(bundleFiles.certificate),
  ];
  const parsed = parseCertificate(certificate, `${bundleFiles.certificate} in ${directory}`);
  const waits = nextKey !== null && matchesKey(parsed, nextKey);
  const key = waits ? nextKey : await read(bundleFiles.key);
  if (!matchesKey(parsed, key))
    throw new PkiError(`identity.key in ${directory} is not the key of identity.crt`);
  if (!isIssuedBy(parsed, parseCertificate(ca, `${bundleFiles.ca} in ${directory}`)))
    throw new PkiError(`identity.crt in ${directory} is not signed by the authority of ca.crt`);
  return { ca, crl, certificate, key };
}

/** The key that waits for its certificate, or null. */
export const readNextKey = (directory: string): Promise<string | null> =>
  fileOrNull(join(directory, bundleFiles.nextKey));

/** Keeps a key for the certificate that is asked for, instead of one that still waits for its own. */
export async function keepNextKey(directory: string, key: string): Promise<void> {
  const nextKey = join(directory, bundleFiles.nextKey);
  const [waiting, inUse] = [await readNextKey(directory), (await readBundle(directory)).key];
  // A crash came between the two steps of `renew`: the key that waits is the one in use.
  if (waiting === inUse) await moveSafely(nextKey, join(directory, bundleFiles.key));
  await writeSafely(nextKey, key, 0o600);
}

/** Replaces the revocation list of a bundle. */
export const writeRevocations = (directory: string, crl: string): Promise<void> =>
  writeSafely(join(directory, bundleFiles.crl), crl, 0o644);

async function fileOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}
