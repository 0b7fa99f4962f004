import { X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { derValues } from "../../src/pki/der.js";
import { keyUsageOf } from "../../src/pki/key-usage.js";
import { type Holder, identityComplaint } from "../../src/vpn/identity-complaint.js";
import {
  authority,
  client,
  identityFiles,
  type Made,
  made,
  now,
  server,
  type Wanted,
} from "./identity-maker.js";

const host1: Holder = { name: "host1", kind: "client" };
const vpnA: Holder = { name: "vpn-a", kind: "server" };

let root: Made;
beforeAll(async () => {
  root = await authority("root");
});

async function complaint(holder: Holder, change: Partial<Wanted> = {}): Promise<string | null> {
  const { certificate, key } = await made(
    { ...(holder.kind === "client" ? client : server), ...change },
    root,
  );
  return identityComplaint(identityFiles(root.certificate, certificate, key), holder, now);
}

describe("a certificate", () => {
  test("that has all of it is taken", async () => {
    expect(await complaint(host1)).toBeNull();
    expect(await complaint(vpnA)).toBeNull();
    expect(await complaint(vpnA, { usage: "keyAgreement" })).toBeNull();
  });

  test.each<[string, Holder, Partial<Wanted>, string]>([
    [
      "without a keyUsage",
      host1,
      { usage: null },
      "own.crt has no keyUsage, so that the servers refuse it: issue one with keyUsage=digitalSignature",
    ],
    [
      "with a keyUsage that no client of TLS has",
      host1,
      { usage: "keyEncipherment" },
      "own.crt has a keyUsage that is not for TLS clients, so that the servers refuse it: issue one with keyUsage=digitalSignature",
    ],
    [
      "of a server that may be one, but calls others",
      vpnA,
      { usage: "keyEncipherment" },
      "keyUsage that is not for both",
    ],
    [
      "for clients, of a server",
      vpnA,
      { extended: ["clientAuth"] },
      "own.crt is not for both TLS servers and TLS clients, so that clients or other servers refuse it: issue one with extendedKeyUsage=serverAuth,clientAuth",
    ],
    ["for servers, of one that calls others", vpnA, { extended: ["serverAuth"] }, "is not for both"],
    ["for servers, of a client", host1, { extended: ["serverAuth"] }, "own.crt is not for TLS clients"],
    ["for nothing in particular", host1, { extended: [] }, "issue one with extendedKeyUsage=clientAuth"],
    [
      "that begins tomorrow",
      host1,
      { begins: 1, ends: 2 },
      "own.crt is not valid before Nov 24 12:00:00 2026 GMT: set the clock that is wrong, or issue another one",
    ],
    [
      "that ended",
      vpnA,
      { begins: -2, ends: -1 },
      "own.crt expired on Nov 22 12:00:00 2026 GMT: issue another one",
    ],
    [
      "of another server",
      vpnA,
      { subject: "CN=vpn-b" },
      'own.crt has the common name "vpn-b": issue one for vpn-a',
    ],
    [
      "of nobody",
      host1,
      { subject: "O=host1" },
      "own.crt has the common name of nobody: issue one for host1",
    ],
    [
      "whose last of two names is another's",
      host1,
      { subject: "CN=host1, CN=host2" },
      'has the common name "host2"',
    ],
  ])("%s is refused", async (_, holder, change, told) => {
    expect(await complaint(holder, change)).toContain(told);
  });

  test("whose last of two names is the right one is taken, as OpenVPN takes it", async () => {
    expect(await complaint(host1, { subject: "CN=host2, O=x, CN=host1" })).toBeNull();
    expect(await complaint(host1, { subject: "CN=host1+O=x" })).toBeNull();
  });

  test("is refused beside another's key, and no word of the key is told", async () => {
    const [one, other] = await Promise.all([made(server, root), made(server, root)]);
    const told = identityComplaint(identityFiles(root.certificate, one.certificate, other.key), vpnA, now);
    expect(told).toBe("own.key is not the key of own.crt: take the two that were made together");
    const garbage = identityComplaint(identityFiles(root.certificate, one.certificate, "hunter2"), vpnA, now);
    expect(garbage).toBe("own.key is not a key without a passphrase in PEM");
  });
});

describe("the authority", () => {
  const judged = (ca: string, { certificate, key }: Pick<Made, "certificate" | "key">) =>
    identityComplaint(identityFiles(ca, certificate, key), vpnA, now);

  test("is another one, also where it has the same name", async () => {
    const own = await made(server, root);
    expect(judged((await authority("other")).certificate, own)).toContain("own.crt was not issued by ca.crt");
    expect(judged((await authority("root")).certificate, own)).toContain("own.crt was not issued by ca.crt");
    expect(judged("nothing", own)).toBe("ca.crt is not a certificate in PEM");
  });

  test("may be one of several, and may have made the certificate through another one", async () => {
    const [other, middle] = await Promise.all([authority("other"), authority("middle", root)]);
    const own = await made(server, middle);
    const chain = { certificate: `${own.certificate}${middle.certificate}`, key: own.key };
    expect(judged(`${other.certificate}${root.certificate}`, chain)).toBeNull();
    expect(judged(`${middle.certificate}${root.certificate}`, own)).toBeNull();
    expect(judged(root.certificate, own)).toContain("was not issued by");
    // OpenSSL follows a chain to an authority that nobody else made.
    expect(judged(middle.certificate, own)).toContain("was not issued by");
  });

  test("is of no use once it expired, but its successor of the same name and key is", async () => {
    const old = await authority("root", null, { begins: -3, ends: -2 });
    const own = await made(server, old);
    const told = judged(old.certificate, own);
    expect(told).toContain("ca.crt has no authority of own.crt that is valid now");
    const successor = await authority("root", null, { keys: old.keys });
    expect(judged(`${old.certificate}${successor.certificate}`, own)).toBeNull();
  });

  test("does not become one by standing behind the certificate that it issued", async () => {
    const other = await authority("other");
    const own = await made(server, other);
    const chain = { certificate: `${own.certificate}${other.certificate}`, key: own.key };
    expect(judged(root.certificate, chain)).toContain("was not issued by");
  });
});

test("a keyUsage is read from the certificate's bytes, and bytes that are cut off end nowhere", async () => {
  const certificate = new X509Certificate(
    (await made({ ...server, usage: "keyAgreement" }, root)).certificate,
  );
  expect(keyUsageOf(certificate)).toBe(0x08);
  for (let length = 0; length < certificate.raw.length; length += 1)
    expect([...derValues(certificate.raw.subarray(0, length))]).toEqual([]);
  expect([...derValues(Buffer.of(0x30, 0x80, 0, 0))]).toEqual([]);
  expect([...derValues(Buffer.of(0x30, 0x85, 0, 0, 0, 0, 0))]).toEqual([]);
});
