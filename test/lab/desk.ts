import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { labPki } from "../../src/lab/identities.js";
import type { ExecResult, Lab, Machine } from "../../src/lab/lab.js";
import { Ledger } from "../../src/lab/ledger.js";
import { type Holder, withAuthority } from "../../src/pki/authority.js";
import { bundleFiles } from "../../src/pki/bundle-files.js";
import { paths } from "../../src/render/paths.js";
import { edited, type Written } from "./topology.js";

/** Where an operator works: a machine of its own on the management network. */
export const withDesk = (topology: Written): Written =>
  edited(topology, [
    "\nfailover:\n",
    "\nlab:\n  hosts:\n    - { name: desk, network: management, address: 10.0.9.50 }\n\nfailover:\n",
  ]);

/** The operator's machine of a lab: certificates are brought to it, and it reaches agents over the network alone. */
export class Desk {
  /** The lab's authority, on this computer. */
  readonly authority: string;
  readonly machine: Machine;

  constructor(private readonly lab: Lab) {
    this.authority = labPki(new Ledger(lab.cluster.name));
    this.machine = lab.machine("desk");
  }

  /** The directory of certificates there, as $HOLDFAST_PKI would name it. */
  readonly pki = "/tmp/pki";

  /** Writes a file there, which only root reads. */
  async write(path: string, body: string): Promise<void> {
    const write = 'umask 077; mkdir -p "$(dirname "$1")" && cat > "$1"';
    const { exitCode, stderr } = await this.machine.exec(["sh", "-c", write, "sh", path], { stdin: body });
    if (exitCode !== 0) throw new Error(stderr);
  }

  /** Brings a bundle there, under its name. */
  async bring(directory: string, name: string, pki = this.pki): Promise<void> {
    for (const file of [bundleFiles.ca, bundleFiles.crl, bundleFiles.certificate, bundleFiles.key])
      await this.write(join(pki, name, file), await readFile(join(directory, file), "utf8"));
  }

  /** The lab's whole authority is moved there: from now on certificates are made there. */
  async bringAuthority(): Promise<void> {
    for (const name of ["ca.crt", "ca.key", "crl.pem", "ledger.json"])
      await this.write(join(this.pki, "ca", name), await readFile(join(this.authority, "ca", name), "utf8"));
  }

  /** Puts a file of a bundle where that node's agent looks for it, as an administrator of the node would. */
  async install(node: string, name: string, body: string): Promise<void> {
    const { host } = this.lab.machine(node);
    const path = join(paths.pkiDir, name);
    await host.swap(await host.stage(path, body, { mode: 0o600, user: "root", group: "root" }), path);
  }

  /** A certificate of the lab's own authority, brought there. */
  async issue(holder: Holder, days?: number): Promise<void> {
    const options = days === undefined ? {} : { days };
    const { out } = await withAuthority(this.authority, this.lab.cluster.name, (authority) =>
      authority.issueBundle(holder, options),
    );
    await this.bring(out, holder.name);
  }

  /** curl, as the holder of that certificate or as nobody, to that node's agent. Prints the body and then the status. */
  curl(node: string, who: string | null, path: string, ...more: string[]): Promise<ExecResult> {
    const management = this.lab.machine(node).addresses.management?.[0] ?? "";
    const bundle = join(this.pki, who ?? "");
    const certificate =
      who === null
        ? ["--insecure"]
        : [
            ...["--cacert", join(bundle, bundleFiles.ca), "--cert", join(bundle, bundleFiles.certificate)],
            ...["--key", join(bundle, bundleFiles.key)],
          ];
    return this.machine.exec([
      ...["curl", "--silent", "--show-error", "--max-time", "20", "--write-out", "\n%{http_code}"],
      ...["--connect-to", `${node}:7443:${management}:7443`, ...certificate, ...more],
      `https://${node}:7443${path}`,
    ]);
  }

  /** The program, as its operator runs it there. */
  holdfast(...argv: string[]): Promise<ExecResult> {
    const program = join(process.cwd(), "dist/cli/main.js");
    return this.machine.exec(
      ["env", "HOME=/tmp/home", `HOLDFAST_PKI=${this.pki}`, process.execPath, program, ...argv],
      { timeout: 120_000 },
    );
  }
}
