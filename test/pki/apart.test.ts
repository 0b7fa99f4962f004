import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runner } from "../../src/host/run.js";
import { apart } from "../../src/pki/apart/apart.js";
import { newAuthority, signerOf } from "../../src/pki/issue.js";
import { readRequest } from "../../src/pki/request.js";
import { signRevocations } from "../../src/pki/revocations.js";
import { lbA } from "./site.js";

// The built program, as an agent runs it.
const program = fileURLToPath(new URL("../../dist/pki/apart/program.js", import.meta.url));
const work = apart({ run: runner([]) }, program);

test("a key and its request are made in a process that is gone afterwards", async () => {
  const { key, request } = await work.newRequest(lbA);
  expect(key).toContain("PRIVATE KEY");
  expect(await readRequest(request)).toMatchObject({ identity: lbA });
});

test("a revocation list is verified there, and why it is refused comes back", async () => {
  const now = new Date();
  const [ours, theirs] = [
    await newAuthority("campus", { now, days: 1 }),
    await newAuthority("campus", { now, days: 1 }),
  ];
  const crl = await signRevocations(await signerOf(ours), 7, [], now);
  expect(await work.readRevocations(crl, ours.certificate)).toEqual({ number: 7, serials: [], pem: crl });
  await expect(work.readRevocations(crl, theirs.certificate)).rejects.toThrow("not signed by the cluster's");
});
