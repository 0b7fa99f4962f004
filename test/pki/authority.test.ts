import { spawnSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeAuthority, readLedger, withAuthority } from "../../src/pki/authority.js";
import { readCertificate } from "../../src/pki/certificate.js";
import { newRequest } from "../../src/pki/request.js";
import { readRevocations } from "../../src/pki/revocations.js";
import { isRevoked } from "../../src/pki/revoked.js";
import { authorityWithBundles, bundleOf, lbA, nodes, temporaryDirectory } from "./site.js";

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

test("keys are readable by their owner alone, whatever the umask", async () => {
  const before = process.umask(0);
  try {
    const directory = join(await temporaryDirectory(), "holdfast", "campus");
    await makeAuthority(directory, "campus");
    await withAuthority(directory, "campus", (authority) => authority.issueBundle(lbA));
    for (const path of ["", "ca", "lb-a"]) expect(await modeOf(join(directory, path))).toBe("700");
    for (const path of ["ca/ca.key", "lb-a/identity.key"])
      expect(await modeOf(join(directory, path))).toBe("600");
    expect((await readdir(join(directory, "lb-a"))).sort()).toEqual([
      "ca.crt",
      "crl.pem",
      "identity.crt",
      "identity.key",
    ]);
  } finally {
    process.umask(before);
  }
});

test("a second authority never takes the place of the first, and leaves nothing behind", async () => {
  const directory = await authorityWithBundles();
  const key = await readFile(join(directory, "ca/ca.key"), "utf8");
  await expect(makeAuthority(directory, "campus")).rejects.toThrow(/there is an authority in .* already/);
  expect(await readFile(join(directory, "ca/ca.key"), "utf8")).toBe(key);
  expect((await readdir(directory)).sort()).toEqual(["anna", "ca", "lb-a", "lb-b", "wall"]);
});

test("openssl agrees: every certificate verifies for its purpose, and a revoked one does not", async () => {
  const directory = await authorityWithBundles();
  const verify = (name: string, purpose: string) => {
    const files = ["-CAfile", join(directory, "ca/ca.crt"), "-CRLfile", join(directory, "ca/crl.pem")];
    const argv = ["verify", "-x509_strict", "-crl_check_all", "-purpose", purpose, ...files];
    const ran = spawnSync("openssl", [...argv, join(directory, name, "identity.crt")], { encoding: "utf8" });
    return ran.status === 0 ? "OK" : ran.stderr;
  };
  expect(verify("lb-a", "sslserver")).toBe("OK");
  expect(verify("lb-a", "sslclient")).toBe("OK");
  expect(verify("anna", "sslclient")).toBe("OK");
  expect(verify("anna", "sslserver")).toMatch(
    /unsuitable certificate purpose|unsupported certificate purpose/,
  );
  await withAuthority(directory, "campus", (authority) => authority.revoke("anna"));
  expect(verify("anna", "sslclient")).toContain("certificate revoked");
  expect(verify("lb-a", "sslserver")).toBe("OK");
});

test("revoking reaches every bundle beside the authority, with a higher number", async () => {
  const directory = await authorityWithBundles();
  const anna = await bundleOf(directory, "anna");
  const { serial } = readCertificate(anna.certificate);
  await mkdir(join(directory, "notes"));
  const [revoked] = await withAuthority(directory, "campus", (authority) => authority.revoke("anna"));
  expect(revoked).toMatchObject({ name: "anna", serial, revoked: expect.stringMatching(/Z$/) });
  for (const name of ["ca", "anna", "lb-a", "lb-b", "wall"]) {
    const crl = await readFile(join(directory, name, "crl.pem"), "utf8");
    expect(await readRevocations(crl, anna.ca)).toMatchObject({ number: 2, serials: [serial] });
    expect(isRevoked(crl, { serialNumber: serial })).toBe(true);
    expect(
      isRevoked(crl, {
        serialNumber: readCertificate((await bundleOf(directory, "wall")).certificate).serial,
      }),
    ).toBe(false);
  }
  expect(await readdir(join(directory, "notes"))).toEqual([]);
});

test("after a key was renewed, the older certificates can be revoked while the newest stays", async () => {
  const directory = await authorityWithBundles();
  await withAuthority(directory, "campus", async (authority) => {
    const newest = await authority.issueBundle(lbA);
    const revoked = await authority.revoke("lb-a", { keepNewest: true });
    expect(revoked).toHaveLength(1);
    expect(revoked[0]?.serial).not.toBe(newest.serial);
  });
});

test("a certificate is in the ledger, so that it can be revoked, even if its bundle could not be written", async () => {
  const directory = await authorityWithBundles();
  await writeFile(join(directory, "bert"), "in the way");
  const bert = { name: "bert", role: "operator" } as const;
  await withAuthority(directory, "campus", async (authority) => {
    await expect(authority.issueBundle(bert)).rejects.toThrow();
    expect(await authority.revoke("bert")).toHaveLength(1);
  });
});

test("a name has one role at a time", async () => {
  const directory = await authorityWithBundles();
  await withAuthority(directory, "campus", async (authority) => {
    const anna = { name: "anna", role: "viewer" } as const;
    await expect(authority.issueBundle(anna)).rejects.toThrow("anna has a valid certificate as operator");
    await authority.revoke("anna");
    expect(await authority.issueBundle(anna)).toMatchObject({ role: "viewer" });
  });
});

test("no certificate outlives its authority", async () => {
  const directory = await temporaryDirectory();
  await makeAuthority(directory, "campus", { days: 30 });
  const { not_after } = await withAuthority(directory, "campus", (authority) => authority.issueBundle(lbA));
  const days = (new Date(not_after).getTime() - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(29.9);
  expect(days).toBeLessThan(30);
});

test("a request is signed for exactly the node that was asked, and for nobody that it names itself", async () => {
  const directory = await authorityWithBundles();
  const { request } = await newRequest(lbA);
  await withAuthority(directory, "campus", async (authority) => {
    const { certificate, entry } = await authority.signRequest(request, lbA);
    expect(readCertificate(certificate)).toMatchObject({ identity: lbA, serial: entry.serial });
    for (const identity of [
      { ...lbA, name: "lb-b" },
      { ...lbA, role: "operator" as const },
      { ...lbA, cluster: "annex" },
    ]) {
      const { request: other } = await newRequest(identity);
      await expect(authority.signRequest(other, lbA)).rejects.toThrow(/the request is for .*, not for/);
    }
  });
  expect((await readLedger(directory, "campus")).certificates).toHaveLength(5);
});

test("two commands at once do not lose each other's certificates: one is told to come again", async () => {
  const directory = await authorityWithBundles();
  await withAuthority(directory, "campus", async () => {
    await expect(withAuthority(directory, "campus", async () => undefined)).rejects.toThrow(
      /another holdfast/,
    );
  });
});

test("the authority of another cluster, none at all, and a damaged ledger are each told apart", async () => {
  const directory = await authorityWithBundles();
  await expect(readLedger(directory, "annex")).rejects.toThrow(/is that of cluster campus, not of annex/);
  const empty = await temporaryDirectory();
  await expect(withAuthority(empty, "campus", async () => undefined)).rejects.toThrow(/holdfast pki init/);
  expect(await readdir(empty)).toEqual([]);
  await chmod(join(directory, "ca/ledger.json"), 0o600);
  await writeFile(join(directory, "ca/ledger.json"), '{"schema": "holdfast/pki-ledger/v1", "cluster": 1}');
  await expect(readLedger(directory, "campus")).rejects.toThrow("ledger.json is damaged at cluster");
});

test("an authority and the bundles of a pair are made in a moment", async () => {
  await authorityWithBundles(); // What is loaded once is loaded.
  const directory = await temporaryDirectory();
  const start = performance.now();
  await makeAuthority(directory, "campus");
  await withAuthority(directory, "campus", async (authority) => {
    for (const node of nodes) await authority.issueBundle(node);
  });
  expect(performance.now() - start).toBeLessThan(2_000); // About 70 ms; the bound is for a busy machine.
});
