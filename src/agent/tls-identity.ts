import { mkdir } from "node:fs/promises";
import type { SecureContextOptions } from "node:tls";
import type { FSWatcher } from "chokidar";
import { type Identity, identityUri } from "../api/identity.js";
import { OneAtATime } from "../deploy/one-at-a-time.js";
import { type CertificateWork, inThisProcess } from "../pki/apart/work.js";
import { type Bundle, readBundle } from "../pki/bundle.js";
import { parseCertificate, readCertificate } from "../pki/certificate.js";
import { PkiError } from "../pki/pki-error.js";
import { secureContextOf } from "../pki/policy.js";
import { installCertificate, installRevocations, requestCertificate } from "../pki/renewal.js";
import { tryHandshake } from "../pki/trial.js";
import { paths } from "../render/paths.js";

/** Who this node is to others, as its bundle proves it. */
export interface TlsMaterial {
  readonly identity: Identity;
  /** Hexadecimal, upper case. */
  readonly serial: string;
  readonly expires: Date;
  readonly authorityExpires: Date;
  /** For createServer, `server.setSecureContext` and connect alike. */
  readonly secureContext: SecureContextOptions;
  /** The authority's certificate and its revocation list in PEM, for connections that are older (server/holders.ts). */
  readonly authority: string;
  readonly crl: string;
}

/** What passes by itself or touches nobody else: such a bundle is used all the same. */
const bearable = new Map([
  // A machine that boots with a wrong clock must not stay mute when its clock is right again: each handshake judges anew.
  ["CERT_HAS_EXPIRED", "has expired"],
  ["CERT_NOT_YET_VALID", "is not valid yet; is this machine's clock right?"],
  ["CRL_NOT_YET_VALID", "is judged by a revocation list of the future; is this machine's clock right?"],
  ["CRL_HAS_EXPIRED", "is judged by a revocation list that has expired, like its authority"],
  // The list has to be in force, above all against others.
  ["CERT_REVOKED", "is revoked"],
]);

/** Milliseconds without a further change after which a bundle that is being copied is looked at. */
const settle = 100;

/** This node's bundle, kept in step with its directory: a bundle that is half there or wrong changes nothing but `trouble`. */
export class TlsIdentity {
  #bundle: Bundle | null = null;
  #current: TlsMaterial | null = null;
  #trouble: string | null = null;
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | undefined;
  #loading: Promise<void> = Promise.resolve();
  /** What is changed in the directory is compared with what is there first. */
  readonly #changing = new OneAtATime();
  #onChange: () => void = () => undefined;

  /** `work` is where keys are made and lists verified: in an agent, in a process apart. */
  constructor(
    readonly directory: string = paths.pkiDir,
    private readonly work: CertificateWork = inThisProcess,
  ) {}

  /** The last good bundle; null while there was none. */
  get current(): TlsMaterial | null {
    return this.#current;
  }

  /** One clause on what is wrong with the bundle that is in the directory now, or null. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Reads the directory now. */
  load(): Promise<void> {
    this.#loading = this.#loading.then(() => this.#read());
    return this.#loading;
  }

  /** Reads the directory now and after each change of it, and tells when `current` or `trouble` is another. */
  async watch(onChange: () => void): Promise<void> {
    const { watch } = await import("chokidar");
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    this.#onChange = onChange;
    const watcher = watch(this.directory, { ignoreInitial: true, depth: 0 });
    this.#watcher = watcher;
    watcher.on("all", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.load(), settle);
    });
    watcher.on("error", (error) =>
      this.#report(this.#current, this.#bundle, `cannot watch: ${String(error)}`),
    );
    await new Promise<void>((resolve) => watcher.once("ready", resolve));
    await this.load();
  }

  async close(): Promise<void> {
    this.#onChange = () => undefined;
    await this.#watcher?.close();
    clearTimeout(this.#timer);
    await this.#loading;
  }

  /** Makes a new key, which stays here, and returns the request (PKCS#10, PEM) for its certificate. @throws PkiError */
  newKeyAndRequest(): Promise<string> {
    return this.#changing.run(async () => {
      if (this.#current === null)
        throw new PkiError(this.#trouble ?? `nothing was read from ${this.directory} yet`);
      return requestCertificate(this.directory, this.#current.identity, this.work);
    });
  }

  /** Puts the certificate for that key into use. @throws PkiError where it may not be used; nothing has changed then */
  installCertificate(pem: string): Promise<void> {
    return this.#changing.run(async () => {
      await installCertificate(this.directory, pem);
      await this.load();
    });
  }

  /** Puts a newer revocation list into use. @throws PkiError where it may not be used; nothing has changed then */
  installRevocations(pem: string): Promise<void> {
    return this.#changing.run(async () => {
      if (pem === this.#current?.crl) return; // Peers hand each other what both have.
      await installRevocations(this.directory, pem, this.work);
      await this.load();
    });
  }

  async #read(): Promise<void> {
    try {
      const bundle = await readBundle(this.directory);
      const material = materialOf(bundle);
      const code = await tryHandshake(bundle);
      const clause = code === null ? null : bearable.get(code);
      if (clause === undefined)
        throw new Error(`peers would refuse the bundle in ${this.directory}: ${code}`);
      this.#report(material, bundle, clause && `the certificate of ${material.identity.name} ${clause}`);
    } catch (error) {
      this.#report(this.#current, this.#bundle, error instanceof Error ? error.message : String(error));
    }
  }

  #report(current: TlsMaterial | null, bundle: Bundle | null, trouble: string | null): void {
    const same = JSON.stringify([bundle, trouble]) === JSON.stringify([this.#bundle, this.#trouble]);
    if (same) return;
    [this.#current, this.#bundle, this.#trouble] = [current, bundle, trouble];
    this.#onChange();
  }
}

function materialOf(bundle: Bundle): TlsMaterial {
  const { identity, serial, notAfter } = readCertificate(bundle.certificate);
  if (identity.role !== "node")
    throw new Error(`the bundle is that of ${identityUri(identity)}, not of a node`);
  const authorityExpires = new Date(parseCertificate(bundle.ca).validTo);
  const { ca: authority, crl } = bundle;
  return {
    identity,
    serial,
    expires: notAfter,
    authorityExpires,
    secureContext: secureContextOf(bundle),
    authority,
    crl,
  };
}
