import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClientIdentity } from "../render/vpn/inline-identity.js";
import { must } from "./command.js";

/** A server also calls others: it is both for TLS. */
export type Usage = "serverAuth,clientAuth" | "clientAuth";

/** Longer than any lab lives. */
const days = "30";

/** The authority of a lab's virtual network, made by openssl(1) in a directory of the lab's own. */
export class VpnAuthority {
  private constructor(private readonly directory: string) {}

  static async make(directory: string): Promise<VpnAuthority> {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const authority = new VpnAuthority(directory);
    // Without Debian's own configuration, which would make an authority of everybody.
    writeFileSync(authority.#at("config"), "[req]\ndistinguished_name = subject\n[subject]\n");
    await authority.#request("ca", "lab", ["basicConstraints=critical,CA:TRUE"]);
    return authority;
  }

  /** Makes a key and a certificate. */
  async issue(commonName: string, usage: Usage): Promise<ClientIdentity> {
    const uses = ["keyUsage=critical,digitalSignature", `extendedKeyUsage=${usage}`];
    const signed = ["-CA", this.#at("ca.crt"), "-CAkey", this.#at("ca.key")];
    await this.#request("issued", commonName, uses, signed);
    const read = (name: string) => readFileSync(this.#at(name), "utf8");
    return { ca: read("ca.crt"), certificate: read("issued.crt"), key: read("issued.key") };
  }

  async #request(
    file: string,
    commonName: string,
    extensions: readonly string[],
    more: readonly string[] = [],
  ): Promise<void> {
    const config = ["-config", this.#at("config"), "-days", days, "-subj", `/CN=${commonName}`];
    const keyed = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    const out = ["-keyout", this.#at(`${file}.key`), "-out", this.#at(`${file}.crt`)];
    const added = extensions.flatMap((extension) => ["-addext", extension]);
    await must(["openssl", "req", "-x509", ...config, ...keyed, ...out, ...added, ...more]);
  }

  #at(name: string): string {
    return join(this.directory, name);
  }
}
