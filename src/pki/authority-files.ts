import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { bundleFiles } from "./bundle-files.js";
import { type Ledger, parseLedger } from "./ledger.js";
import { PkiError } from "./pki-error.js";
import { writeSafely } from "./safe-file.js";

/** What stands in `ca/` on the operator's machine. */
export interface AuthorityFiles {
  readonly certificate: string;
  readonly key: string;
  readonly crl: string;
  readonly ledger: Ledger;
}

/** The directory of an authority below the operator's own for the cluster, and so no holder's name. */
export const authorityName = "ca";
const inside = (directory: string, file: string): string => join(directory, authorityName, file);

/** Writes a new authority, wholly or not at all. @throws PkiError where there is one already */
export async function writeAuthority(directory: string, files: AuthorityFiles): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const staged = await mkdtemp(join(directory, ".ca-")); // 0700, like the directory it becomes.
  try {
    await writeSafely(join(staged, "ca.key"), files.key, 0o600);
    await writeSafely(join(staged, "ca.crt"), files.certificate, 0o644);
    await writeSafely(join(staged, "crl.pem"), files.crl, 0o644);
    await writeSafely(join(staged, "ledger.json"), ledgerText(files.ledger), 0o600);
    // Only over an empty directory: an authority that is there stays (rename(2), ENOTEMPTY).
    await rename(staged, join(directory, authorityName));
  } catch (error) {
    await rm(staged, { recursive: true, force: true });
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
    throw new PkiError(
      `there is an authority in ${directory} already; a new one would make every certificate of the old one useless`,
    );
  }
}

/** @throws PkiError */
export async function readAuthority(directory: string): Promise<AuthorityFiles> {
  const read = (file: string): Promise<string> =>
    readFile(inside(directory, file), "utf8").catch(() => {
      throw new PkiError(
        `there is no authority in ${directory} (no readable ca/${file}); make one with 'holdfast pki init', or name its directory with --pki`,
      );
    });
  return {
    certificate: await read("ca.crt"),
    key: await read("ca.key"),
    crl: await read("crl.pem"),
    ledger: parseLedger(await read("ledger.json")),
  };
}

export const writeLedger = (directory: string, ledger: Ledger): Promise<void> =>
  writeSafely(inside(directory, "ledger.json"), ledgerText(ledger), 0o600);

export const writeCrl = (directory: string, crl: string): Promise<void> =>
  writeSafely(inside(directory, "crl.pem"), crl, 0o644);

/** Held while the ledger is read and changed. */
export const lockFile = (directory: string): string => inside(directory, "lock");

/** The directories of bundles that stand beside the authority; other directories there are not ours to touch. */
export async function localBundles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const paths = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(directory, name));
  const holds = await Promise.all(paths.map(isBundle));
  return paths.filter((_, index) => holds[index]).sort();
}

/** Whether a certificate stands there. */
export const isBundle = (directory: string): Promise<boolean> =>
  stat(join(directory, bundleFiles.certificate)).then(
    (found) => found.isFile(),
    () => false,
  );

const ledgerText = (ledger: Ledger): string => `${JSON.stringify(ledger, null, 2)}\n`;
