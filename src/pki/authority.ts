import { join } from "node:path";
import { type Identity, identityUri, type Role } from "../api/identity.js";
import { locked } from "../host/lock.js";
import * as files from "./authority-files.js";
import { writeBundle, writeRevocations } from "./bundle.js";
import { parseCertificate, readCertificate } from "./certificate.js";
import { issueCertificate, newAuthority, type Signer, signerOf } from "./issue.js";
import { newKeyPair, privateKeyPem, publicKeyDer } from "./keys.js";
import {
  type Ledger,
  type LedgerEntry,
  newLedger,
  revokedIn,
  validOf,
  withIssued,
  withRevoked,
} from "./ledger.js";
import { PkiError } from "./pki-error.js";
import { readRequest } from "./request.js";
import { signRevocations } from "./revocations.js";
import { defaultDays } from "./validity.js";

export interface Holder {
  readonly name: string;
  readonly role: Role;
}

/**
 * Makes the authority of a cluster, with an empty revocation list, in `ca/` of the operator's directory.
 * @throws PkiError where there is one already
 */
export async function makeAuthority(
  directory: string,
  cluster: string,
  { days = defaultDays.authority }: { days?: number } = {},
): Promise<{ certificate: string }> {
  const now = new Date();
  const { certificate, key } = await newAuthority(cluster, { now, days });
  const ledger = newLedger(cluster);
  const crl = await signRevocations(await signerOf({ certificate, key }), ledger.crl_number, [], now);
  await files.writeAuthority(directory, { certificate, key, crl, ledger });
  return { certificate };
}

/** Everything that the authority of a cluster has issued, without its key. @throws PkiError where it is another cluster's */
export async function readLedger(directory: string, cluster: string): Promise<Ledger> {
  const { ledger } = await files.readAuthority(directory);
  if (ledger.cluster === cluster) return ledger;
  throw new PkiError(`the authority in ${directory} is that of cluster ${ledger.cluster}, not of ${cluster}`);
}

/** When the authority itself, and with it every certificate of the cluster, ends; ISO 8601. @throws PkiError */
export async function authorityExpires(directory: string): Promise<string> {
  const { certificate } = await files.readAuthority(directory);
  return new Date(parseCertificate(certificate).validTo).toISOString();
}

/** Runs `work` with the authority of a cluster, which nobody else uses meanwhile. @throws PkiError, LockError */
export async function withAuthority<T>(
  directory: string,
  cluster: string,
  work: (authority: Authority) => Promise<T>,
): Promise<T> {
  await readLedger(directory, cluster); // Locking would make the directory.
  return locked(files.lockFile(directory), async () => {
    const found = await files.readAuthority(directory);
    return work(new Authority(directory, found, await signerOf(found)));
  });
}

/** A cluster's authority on the operator's machine. Whatever it signs stands in the ledger first, so that it can be revoked. */
export class Authority {
  #ledger: Ledger;
  #crl: string;

  constructor(
    readonly directory: string,
    { ledger, crl }: { ledger: Ledger; crl: string },
    private readonly signer: Signer,
  ) {
    this.#ledger = ledger;
    this.#crl = crl;
  }

  get crl(): string {
    return this.#crl;
  }

  /**
   * A certificate with a new key, as a bundle in `out`; by default beside the authority, under the holder's name.
   * @throws PkiError where the name has a valid certificate of another role
   */
  async issueBundle(
    holder: Holder,
    {
      days = defaultDays.certificate,
      out = join(this.directory, holder.name),
    }: { days?: number; out?: string } = {},
  ): Promise<LedgerEntry & { readonly out: string }> {
    const keys = await newKeyPair();
    const { certificate, entry } = await this.#issue(holder, publicKeyDer(keys.publicKey), days);
    const key = privateKeyPem(keys.privateKey);
    await writeBundle(out, { ca: this.signer.certificate, crl: this.#crl, certificate, key });
    return { ...entry, out };
  }

  /** A certificate for the key of a request. @throws PkiError unless it is sound and asks to be exactly `holder` */
  async signRequest(
    request: string,
    holder: Holder,
    { days = defaultDays.certificate }: { days?: number } = {},
  ): Promise<{ readonly certificate: string; readonly entry: LedgerEntry }> {
    const { identity, publicKey } = await readRequest(request);
    const [wanted, expected] = [identityUri(identity), identityUri(this.#identity(holder))];
    if (wanted !== expected) throw new PkiError(`the request is for ${wanted}, not for ${expected}`);
    return this.#issue(holder, publicKey, days);
  }

  /**
   * Revokes the name's valid certificates, all or all but the newest, and writes the revocation list here and into
   * every bundle beside; also where none is left to revoke, which mends what a crash left. Returns the revoked.
   * @throws PkiError for a name that never had one
   */
  async revoke(name: string, { keepNewest = false } = {}): Promise<LedgerEntry[]> {
    if (!this.#ledger.certificates.some((entry) => entry.name === name))
      throw new PkiError(
        `${name} never had a certificate of this authority; 'holdfast pki list' shows who has`,
      );
    const now = new Date();
    const valid = validOf(this.#ledger, name, now).map(({ serial }) => serial);
    const serials = keepNewest ? valid.slice(0, -1) : valid;
    await this.#record(withRevoked(this.#ledger, serials, now));
    const list = revokedIn(this.#ledger, now);
    this.#crl = await signRevocations(this.signer, this.#ledger.crl_number, list, now);
    await files.writeCrl(this.directory, this.#crl);
    for (const bundle of await files.localBundles(this.directory)) await writeRevocations(bundle, this.#crl);
    return this.#ledger.certificates.filter(({ serial }) => serials.includes(serial));
  }

  async #issue(holder: Holder, publicKey: Uint8Array, days: number) {
    const { name, role } = holder;
    const now = new Date();
    if (name === files.authorityName) throw new PkiError("ca is the authority's own name; choose another");
    const other = validOf(this.#ledger, name, now).find((entry) => entry.role !== role);
    if (other !== undefined)
      throw new PkiError(
        `${name} has a valid certificate as ${other.role}; revoke it first with 'holdfast pki revoke ${name}'`,
      );
    const certificate = await issueCertificate(this.signer, this.#identity(holder), publicKey, { now, days });
    const { serial, notAfter } = readCertificate(certificate);
    const times = { issued: now.toISOString(), not_after: notAfter.toISOString(), revoked: null };
    const entry: LedgerEntry = { serial, name, role, ...times };
    await this.#record(withIssued(this.#ledger, entry));
    return { certificate, entry };
  }

  async #record(ledger: Ledger): Promise<void> {
    await files.writeLedger(this.directory, ledger);
    this.#ledger = ledger;
  }

  #identity({ name, role }: Holder): Identity {
    return { cluster: this.#ledger.cluster, role, name };
  }
}
