import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { registerValidate } from "../../src/cli/validate.js";
import { registerVpn } from "../../src/cli/vpn.js";
import { type Authority, authority } from "../engines/vpn-authority.js";
import { made, client as ofClient } from "../vpn/identity-maker.js";
import { examplePath, run } from "./run.js";

let folder: string;
let certificates: Authority;
let foreign: Authority;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-vpn-commands-"));
  [certificates, foreign] = await Promise.all([authority(), authority()]);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await certificates[Symbol.asyncDispose]();
  await foreign[Symbol.asyncDispose]();
});

const file = async (name: string, body: string, mode = 0o644): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, body);
  await chmod(path, mode);
  return path;
};

describe("holdfast vpn import", () => {
  const settings = (far: number, port: number) => `mgmt_interface = bb0
data_interface = tun0
openvpn_mgmt_port = ${port}
remote_mgmt_ip = 10.200.200.${far}
remote_data_ip = 10.100.10${far - 1}.1
`;

  test("makes a topology of two files that is valid once its places are filled in", async () => {
    const [a, b] = [await file("a.conf", settings(2, 5656)), await file("b.conf", settings(1, 5657))];
    const { stdout, stderr, exitCode } = await run(registerVpn, "vpn", "import", a, b);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`${a}:1  pool: no file says which addresses may be routed`);
    expect(stderr).toContain("topology.yaml is not valid yet");
    const values = ["10.100.0.0/16", "203.0.113.10", "10.100.100.0/24", "203.0.113.20", "10.100.101.0/24"];
    const filled = values.reduce((text, value) => text.replace(/^( +\w+:) FILL-IN$/m, `$1 ${value}`), stdout);
    const topology = await file("topology.yaml", filled);
    expect((await run(registerValidate, "validate", topology)).stderr).toBe("");
    expect((await run(registerValidate, "validate", "-f", topology)).exitCode).toBe(0);
  });

  test("a file that cannot be read is named with a cure, and one that never ends is left", async () => {
    for (const [path, told] of [
      [join(folder, "nowhere.conf"), "(ENOENT): name a file that is there and that you may read"],
      [folder, "(EISDIR): name a file that is there and that you may read"],
      ["/dev/zero", "is larger than 1 MiB"],
      [await file("pass", "hunter2\n"), ":1 has no setting of cube-routed"],
    ] as const) {
      const { stdout, stderr, exitCode } = await run(registerVpn, "vpn", "import", path);
      expect(exitCode).toBe(1);
      expect(stdout).toBe("");
      expect(stderr).toContain(path);
      expect(stderr).toContain(told);
      expect(stderr).not.toContain("hunter2");
    }
  });
});

describe("holdfast vpn client", () => {
  const client = (...options: string[]) =>
    run(registerVpn, "vpn", "client", ...options, "-f", examplePath("overlay"));
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(folder, "pki-"));
  });

  /** As somebody's own authority leaves them: openssl(1) prints a text above the PEM. */
  async function issued(
    name: string,
    of: Authority,
    as = name,
    usage: "clientAuth" | "serverAuth,clientAuth" = "clientAuth",
  ) {
    const { certificate, key } = await of.issue(name, usage);
    await writeFile(join(directory, "ca.crt"), (await certificates.issue("other", "clientAuth")).ca);
    await writeFile(
      join(directory, `${as}.crt`),
      `Certificate:\n    Data:\n</cert>\nscript-security 3\n${certificate}`,
    );
    await writeFile(join(directory, `${as}.key`), key);
    return { certificate, key };
  }

  test("prints a profile that names the files beside it", async () => {
    const { stdout } = await client("host1", "--server", "vpn-b");
    expect(stdout.match(/^(remote|ca|cert|key) .*$/gm)).toEqual([
      "remote 198.51.100.20 1194 udp",
      "remote 203.0.113.10 1194 udp",
      ...["ca ca.crt", "cert host1.crt", "key host1.key"],
    ]);
  });

  test("puts certificates into it, of which nothing but PEM, in a file that only its owner reads", async () => {
    const { certificate, key } = await issued("host1", certificates);
    const out = join(directory, "host1.ovpn");
    const { stdout } = await client("host1", "--certificates", directory, "--out", out);
    expect(stdout).toBe(`${out} is the profile of host1.\n`);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    const profile = await readFile(out, "utf8");
    expect(profile).toContain(`<cert>\n${certificate.trim()}\n</cert>\n<key>\n${key.trim()}\n</key>\n`);
    expect(profile).not.toContain("script-security");
    expect(profile).not.toMatch(/^(ca|cert|key) /m);
  });

  test("an existing file is replaced only with --force, and is its owner's alone then", async () => {
    const out = join(directory, "mine");
    await writeFile(out, "mine");
    await chmod(out, 0o644);
    const refused = await client("host1", "--out", out);
    expect(refused.stderr).toContain("overwrite it with --force");
    expect(await readFile(out, "utf8")).toBe("mine");
    expect((await client("host1", "--out", out, "--force", "--json")).stdout).not.toContain('profile"');
    expect((await stat(out)).mode & 0o777).toBe(0o600);
  });

  test("certificates that the servers would refuse are refused with the reason", async () => {
    const refusal = async () => (await client("host1", "--certificates", directory)).stderr;
    expect(await refusal()).toMatch(
      /cannot read .*ca\.crt \(ENOENT\): name a directory with ca\.crt, host1\.crt/,
    );
    await issued("host2", certificates, "host1");
    expect(await refusal()).toContain('host1.crt has the common name "host2": issue one for host1');
    await issued("host1", foreign);
    expect(await refusal()).toMatch(/host1\.crt was not issued by .*ca\.crt/);
    const careless = await made({ ...ofClient, usage: null, ends: 36_500 }, null);
    await writeFile(join(directory, "ca.crt"), careless.certificate);
    await writeFile(join(directory, "host1.crt"), careless.certificate);
    await writeFile(join(directory, "host1.key"), careless.key);
    expect(await refusal()).toContain("host1.crt has no keyUsage, so that the servers refuse it");
    await issued("host1", certificates);
    await writeFile(join(directory, "host1.key"), (await certificates.issue("x", "clientAuth")).key);
    expect(await refusal()).toMatch(/host1\.key is not the key of .*host1\.crt/);
    await writeFile(join(directory, "host1.key"), "hunter2");
    const garbage = await refusal();
    expect(garbage).toContain("host1.key is not a key without a passphrase in PEM");
    expect(garbage).not.toContain("hunter2");
  });

  test("a name that no certificate can have, or that is a server's, is refused; so is an unknown server", async () => {
    for (const name of ["../host1", "DEFAULT", "a b", "x".repeat(65), "host\n1"])
      expect((await client(name)).stderr).toContain(
        "a client's name must be the common name of a certificate",
      );
    expect((await client("vpn-a")).stderr).toContain("vpn-a is a server of the network");
    expect((await client("host1", "--server", "vpn-z")).stderr).toContain(
      "there is no VPN server vpn-z; the servers are vpn-a, vpn-b",
    );
  });

  test("a topology without VPN servers is refused", async () => {
    const { stderr, exitCode } = await run(registerVpn, "vpn", "client", "host1", "-f", examplePath("pair"));
    expect(exitCode).toBe(1);
    expect(stderr).toContain("has no VPN servers: a section `vpn` describes them");
  });
});
