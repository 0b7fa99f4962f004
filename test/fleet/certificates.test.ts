import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tlsHandlers } from "../../src/agent/tls-handlers.js";
import { publishRevocations, rotateCertificate } from "../../src/fleet/certificates.js";
import type { Bundle } from "../../src/pki/bundle.js";
import { readCertificate } from "../../src/pki/certificate.js";
import { Cluster } from "../agent/server/cluster.js";
import { handlersWith } from "../agent/server/handlers.js";

let cluster: Cluster;
let anna: Bundle;

beforeEach(async () => {
  cluster = new Cluster();
  await cluster.start({ handlers: handlersWith(tlsHandlers(cluster.identity)) });
  await cluster.identity.watch(() => cluster.api.renew());
  anna = await cluster.issue("anna", "operator");
});
afterEach(() => cluster.stop());

test("a node's certificate is renewed over its API: the key is made there and stays there", async () => {
  const before = cluster.identity.current?.serial;
  const key = await readFile(join(cluster.identity.directory, "identity.key"), "utf8");
  const { serial } = await cluster.authority((authority) =>
    rotateCertificate("lb-a", cluster.client(anna), authority),
  );
  expect(cluster.identity.current?.serial).toBe(serial);
  expect(serial).not.toBe(before);
  expect(await readFile(join(cluster.identity.directory, "identity.key"), "utf8")).not.toBe(key);
  // The next connection is shown the new one, and so the old one can be revoked.
  await cluster.authority((authority) => authority.revoke("lb-a", { keepNewest: true }));
  expect(await cluster.client(anna).call("ready", {})).toBe("fine\n");
});

test("a certificate for the wrong node is refused in words that reach the operator", async () => {
  const other = await cluster.issue("lb-b", "node");
  const client = cluster.client(anna);
  await client.call("certificateRequest", {});
  await expect(
    client.call("certificate", { body: { certificate: other.certificate } }),
  ).rejects.toMatchObject({
    status: 409,
    reason: "the certificate is not for the key that was made last; make a new request",
  });
  expect(cluster.identity.current?.identity.name).toBe("lb-a");
});

test("a revocation list is published to who answers, and who does not is told of", async () => {
  const wall = await cluster.issue("wall", "viewer");
  expect(await cluster.client(wall).call("metrics", {})).toBe("fine\n");
  const crl = await cluster.authority(async (authority) => {
    await authority.revoke("wall");
    return authority.crl;
  });
  const agents = [
    { node: "lb-a", client: cluster.client(anna) },
    { node: "lb-b", client: cluster.client(anna, 1) },
  ];
  expect(await publishRevocations(agents, crl)).toEqual([
    { node: "lb-a", published: true, why: null },
    { node: "lb-b", published: false, why: expect.stringContaining("nobody listens there") },
  ]);
  await expect(cluster.client(wall).call("metrics", {})).rejects.toMatchObject({ status: 401 });
  expect(readCertificate(wall.certificate).identity.name).toBe("wall");
});
