import { copyFile, cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { TlsIdentity } from "../../src/agent/tls-identity.js";
import { inThisProcess } from "../../src/pki/apart/work.js";
import { withAuthority } from "../../src/pki/authority.js";
import { readBundle, writeBundle } from "../../src/pki/bundle.js";
import { readCertificate } from "../../src/pki/certificate.js";
import { newRequest } from "../../src/pki/request.js";
import { ask, authorityWithBundles, bundleOf, forgedBundle, lbA, serve, temporaryDirectory } from "./site.js";

/** lb-a's own machine: its bundle as copied there, and the authority's directory of the operator. */
async function node(): Promise<{ authority: string; pki: string; identity: TlsIdentity }> {
  const authority = await authorityWithBundles();
  const pki = join(await temporaryDirectory(), "etc/holdfast/pki");
  await writeBundle(pki, await bundleOf(authority, "lb-a"));
  const identity = new TlsIdentity(pki);
  onTestFinished(() => identity.close());
  return { authority, pki, identity };
}

const signed = (authority: string, request: string): Promise<string> =>
  withAuthority(authority, "campus", async (work) => (await work.signRequest(request, lbA)).certificate);

const revokedList = async (authority: string, name: string): Promise<string> => {
  await withAuthority(authority, "campus", (work) => work.revoke(name));
  return readFile(join(authority, "ca/crl.pem"), "utf8");
};

test("an agent knows who it is and until when from its bundle", async () => {
  const { authority, identity } = await node();
  await identity.load();
  const { serial, notAfter } = readCertificate((await bundleOf(authority, "lb-a")).certificate);
  expect(identity.trouble).toBeNull();
  expect(identity.current).toMatchObject({ identity: lbA, serial, expires: notAfter });
});

test("a bundle that comes later is found, although not even its directory was there", async () => {
  const { authority } = await node();
  const pki = join(await temporaryDirectory(), "etc/holdfast/pki");
  const identity = new TlsIdentity(pki);
  onTestFinished(() => identity.close());
  const changed = vi.fn();
  await identity.watch(changed);
  expect(identity.current).toBeNull();
  expect(identity.trouble).toMatch(/^there is no ca.crt in /);
  await cp(join(authority, "lb-a"), pki, { recursive: true });
  await vi.waitFor(() => expect(identity.current?.identity).toEqual(lbA), 5_000);
  expect(identity.trouble).toBeNull();
  expect(changed).toHaveBeenCalled();
});

test("a renewed certificate is used without a restart, and connections that are open stay", async () => {
  const { authority, pki, identity } = await node();
  await identity.load();
  const { server, port } = await serve(await readBundle(pki));
  await identity.watch(() => server.setSecureContext(identity.current?.secureContext ?? {}));
  const before = identity.current?.serial;
  const certificate = await signed(authority, await identity.newKeyAndRequest());
  await identity.installCertificate(certificate);
  expect(identity.current?.serial).toBe(readCertificate(certificate).serial);
  expect(identity.current?.serial).not.toBe(before);
  expect(await ask(port, await bundleOf(authority, "anna"))).toBe("200 operator anna");
  await withAuthority(authority, "campus", (work) => work.revoke("lb-a", { keepNewest: true }));
  expect(await ask(port, await bundleOf(authority, "wall"))).toBe("200 viewer wall"); // wall's list names the old one.
  expect(identity.trouble).toBeNull();
});

test("a key that does not belong to the certificate is not loaded: the last good bundle stays in use, and why is told", async () => {
  const { authority, pki, identity } = await node();
  const seen: (string | null)[] = [];
  await identity.watch(() => seen.push(identity.trouble));
  const good = identity.current;
  await copyFile(join(authority, "lb-b/identity.key"), join(pki, "identity.key"));
  await vi.waitFor(
    () => expect(identity.trouble).toMatch(/identity.key in .* is not the key of identity.crt/),
    5_000,
  );
  expect(identity.current).toBe(good);
  await copyFile(join(authority, "lb-b/identity.crt"), join(pki, "identity.crt"));
  await vi.waitFor(() => expect(identity.current?.identity.name).toBe("lb-b"), 5_000);
  expect(identity.trouble).toBeNull();
  expect(seen).toEqual([null, expect.stringMatching(/not the key/), null]);
});

test.each([
  [
    "a certificate cut short",
    "identity.crt",
    (body: string) => body.slice(0, 300),
    /identity.crt in .* is not one certificate/,
  ],
  ["an empty key", "identity.key", () => "", /is not the key/],
  ["a missing list", "crl.pem", null, /there is no crl.pem/],
  ["a list cut short", "crl.pem", (body: string) => body.slice(0, 200), /./],
  ["a list whose signature is wrong", "crl.pem", damaged, /CRL_SIGNATURE_FAILURE/],
] as const)("%s changes nothing", async (_what, file, change, why) => {
  const { pki, identity } = await node();
  await identity.load();
  const good = identity.current;
  const path = join(pki, file);
  if (change === null) await rm(path);
  else await writeFile(path, change(await readFile(path, "utf8")));
  await identity.load();
  expect(identity.trouble).toMatch(why);
  expect(identity.current).toBe(good);
});

/** The last byte of the signature changed. */
function damaged(pem: string): string {
  const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64");
  der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1);
  return `-----BEGIN X509 CRL-----\n${der.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END X509 CRL-----\n`;
}

test("the files of another authority, or of a person, are not a node's bundle", async () => {
  const { authority, pki, identity } = await node();
  await identity.load();
  const other = await authorityWithBundles();
  for (const [file, why] of [
    ["ca.crt", /not signed by the authority/],
    ["crl.pem", /UNABLE_TO_GET_CRL/],
  ] as const) {
    await copyFile(join(other, "lb-a", file), join(pki, file));
    await identity.load();
    expect(identity.trouble).toMatch(why);
    await copyFile(join(authority, "lb-a", file), join(pki, file));
  }
  await writeBundle(pki, await bundleOf(authority, "anna"));
  await identity.load();
  expect(identity.trouble).toBe("the bundle is that of holdfast://campus/operator/anna, not of a node");
  expect(identity.current?.identity).toEqual(lbA);
});

test("an expired certificate is told and used all the same: the clock may be what is wrong", async () => {
  const { authority, pki, identity } = await node();
  await writeBundle(pki, await forgedBundle(authority, lbA, { now: new Date(0), days: 1 }));
  await identity.load();
  expect(identity.trouble).toBe("the certificate of lb-a has expired");
  expect(identity.current?.expires).toEqual(new Date("1970-01-02T00:00:00Z"));
});

test("a certificate that expires while it is used is told with the next look, although no file has changed", async () => {
  const { authority, pki, identity } = await node();
  const [day, lasts] = [86_400_000, 3_000];
  const expiring = await forgedBundle(authority, lbA, { now: new Date(Date.now() - day + lasts), days: 1 });
  await writeBundle(pki, expiring);
  const changed = vi.fn();
  await identity.watch(changed);
  expect(identity.trouble).toBeNull();
  await sleep(lasts + 1_000); // X.509 knows whole seconds.
  changed.mockClear();
  await identity.load();
  expect(identity.trouble).toBe("the certificate of lb-a has expired");
  expect(changed).toHaveBeenCalledOnce();
});

test("a machine that died between the two halves of a renewal comes back with the new certificate and its key", async () => {
  const { authority, pki, identity } = await node();
  await identity.load();
  const certificate = await signed(authority, await identity.newKeyAndRequest());
  await writeFile(join(pki, "identity.crt"), certificate); // And now the power goes.
  await identity.load();
  expect(identity.trouble).toBeNull();
  expect(identity.current?.serial).toBe(readCertificate(certificate).serial);
  await identity.newKeyAndRequest(); // A further renewal must not lose the key in use.
  await identity.load();
  expect(identity.trouble).toBeNull();
  expect(await readFile(join(pki, "identity.key"), "utf8")).toContain("PRIVATE KEY");
});

test("a certificate is installed only for the key made last, by this authority, for this node, and when peers would take it", async () => {
  const { authority, pki, identity } = await node();
  await identity.load();
  const before = await readBundle(pki);
  const refused = async (certificate: string, why: string | RegExp): Promise<void> => {
    await expect(identity.installCertificate(certificate)).rejects.toThrow(why);
    expect(await readBundle(pki)).toEqual(before);
  };
  await refused(before.certificate, "no certificate was asked for");
  const first = await identity.newKeyAndRequest();
  const request = await identity.newKeyAndRequest();
  await refused(await signed(authority, first), "not for the key that was made last");
  await refused("nonsense", "not one certificate");

  const other = await authorityWithBundles();
  await refused(await signed(other, request), "not signed by the cluster's authority");

  const { issueCertificate, signerOf } = await import("../../src/pki/issue.js");
  const { readAuthority } = await import("../../src/pki/authority-files.js");
  const { readRequest } = await import("../../src/pki/request.js");
  const signer = await signerOf(await readAuthority(authority));
  const { publicKey } = await readRequest(request);
  const forge = (name: string, now: Date) =>
    issueCertificate(signer, { ...lbA, name }, publicKey, { now, days: 1 });
  await refused(await forge("lb-b", new Date()), /is for holdfast:.*lb-b, and this is holdfast:.*lb-a/);
  await refused(await forge("lb-a", new Date(0)), /CERT_HAS_EXPIRED/);
  await refused(await forge("lb-a", new Date(Date.now() + 9e9)), /CERT_NOT_YET_VALID/);

  await identity.installCertificate(`around it\n${await signed(authority, request)}`);
  expect(await readFile(join(pki, "identity.crt"), "utf8")).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
});

test("a revocation list is installed only if this authority signed it and it is newer", async () => {
  const { authority, pki, identity } = await node();
  await identity.load();
  const { server, port, crl } = await serve(await readBundle(pki));
  await identity.watch(() => {
    server.setSecureContext(identity.current?.secureContext ?? {});
    crl.now = identity.current?.crl ?? "";
  });
  const [second, third] = [await revokedList(authority, "anna"), await revokedList(authority, "wall")];
  await identity.installRevocations(third);
  await identity.installRevocations(third); // Told twice is no error.
  await expect(identity.installRevocations(second)).rejects.toThrow("list 2 is older than list 3");
  // A ledger out of a backup counts from where it was: what it revokes would be in force nowhere.
  const backup = join(await temporaryDirectory(), "backup");
  await cp(authority, backup, { recursive: true });
  await identity.installRevocations(await revokedList(authority, "lb-b"));
  await expect(identity.installRevocations(await revokedList(backup, "lb-a"))).rejects.toThrow(
    "another revocation list 4 is in force",
  );
  const other = await authorityWithBundles();
  await expect(identity.installRevocations(await revokedList(other, "anna"))).rejects.toThrow(/not signed/);
  await expect(identity.installRevocations("nonsense")).rejects.toThrow(/not a revocation list/);
  expect(await readFile(join(pki, "crl.pem"), "utf8")).toBe(
    await readFile(join(authority, "ca/crl.pem"), "utf8"),
  );
  for (const name of ["anna", "wall"])
    expect(await ask(port, await bundleOf(authority, name))).toMatch(/^401 .* it was revoked$/);
});

test.each([
  ["older", [0, 1]],
  ["newer", [1, 0]],
])("of two lists that arrive at once the newer stays, also where the %s is first", async (_which, order) => {
  const { authority, pki } = await node();
  const lists = [await revokedList(authority, "anna"), await revokedList(authority, "wall")];
  let asked = 0;
  const identity = new TlsIdentity(pki, {
    ...inThisProcess,
    readRevocations: async (pem, ca) => {
      const isFirst = asked++ === 0;
      const list = await inThisProcess.readRevocations(pem, ca);
      if (isFirst) await sleep(100); // Its process has more to do than that of the other.
      return list;
    },
  });
  await identity.load();
  await Promise.allSettled(order.map((which) => identity.installRevocations(lists[which] ?? "")));
  expect(await readFile(join(pki, "crl.pem"), "utf8")).toBe(lists[1]);
});

test("keys that are asked for while a certificate is installed do not part it from its own", async () => {
  const { authority, pki, identity } = await node();
  await identity.load();
  const certificate = await signed(authority, await identity.newKeyAndRequest());
  await Promise.all([
    identity.installCertificate(certificate),
    ...Array.from({ length: 8 }, () => identity.newKeyAndRequest()),
  ]);
  expect((await readBundle(pki)).certificate).toBe(certificate);
});

test("a node whose own certificate is revoked still keeps the others out", async () => {
  const { authority, identity } = await node();
  await identity.load();
  await withAuthority(authority, "campus", (work) => work.revoke("anna"));
  await identity.installRevocations(await revokedList(authority, "lb-a"));
  expect(identity.trouble).toBe("the certificate of lb-a is revoked");
  expect(identity.current?.crl).toBe(await readFile(join(authority, "ca/crl.pem"), "utf8"));
});

test("no key is ever in what an identity tells", async () => {
  const { identity, pki } = await node();
  await identity.load();
  const { key } = await newRequest(lbA);
  await writeFile(join(pki, "identity.key"), key);
  await identity.load();
  expect(identity.trouble).not.toContain("PRIVATE");
});
