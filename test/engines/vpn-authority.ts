import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runner } from "../../src/host/run.js";

/** What one machine of a virtual network has to show who it is. */
export interface Identity {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority of openssl(1) for one test, in a directory that goes with it. */
export interface Authority extends AsyncDisposable {
  /** A server also calls others: it is both for TLS. */
  issue(name: string, usage: "serverAuth,clientAuth" | "clientAuth"): Promise<Identity>;
}

export async function authority(): Promise<Authority> {
  const directory = await mkdtemp(join(tmpdir(), "holdfast-vpn-"));
  const at = (name: string) => join(directory, name);
  // Without Debian's own configuration, which would make an authority of everybody.
  await writeFile(at("config"), "[req]\ndistinguished_name = subject\n[subject]\n");
  const request = async (name: string, ...more: string[]) => {
    const key = [
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout",
      at(`${name}.key`),
    ];
    const out = ["-out", at(`${name}.crt`), "-days", "2", "-subj", `/CN=${name}`];
    const argv = ["openssl", "req", "-x509", "-config", at("config"), ...key, ...out, ...more];
    const { exitCode, stderr } = await runner([])(argv);
    if (exitCode !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
  };
  await request("ca", "-addext", "basicConstraints=critical,CA:TRUE");
  const read = (name: string) => readFile(at(name), "utf8");
  return {
    async issue(name, usage) {
      const signed = ["-CA", at("ca.crt"), "-CAkey", at("ca.key")];
      const uses = ["keyUsage=critical,digitalSignature", `extendedKeyUsage=${usage}`];
      await request(name, ...signed, ...uses.flatMap((use) => ["-addext", use]));
      return {
        ca: await read("ca.crt"),
        certificate: await read(`${name}.crt`),
        key: await read(`${name}.key`),
      };
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
