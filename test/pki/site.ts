import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { onTestFinished } from "vitest";
import { Holders } from "../../src/agent/server/holders.js";
import type { Identity } from "../../src/api/identity.js";
import { type Holder, makeAuthority, withAuthority } from "../../src/pki/authority.js";
import { type Bundle, readBundle } from "../../src/pki/bundle.js";
import { issueCertificate, signerOf } from "../../src/pki/issue.js";
import { newKeyPair, privateKeyPem, publicKeyDer } from "../../src/pki/keys.js";
import { clientPolicy, secureContextOf } from "../../src/pki/policy.js";

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "holdfast-pki-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export const nodes: readonly Holder[] = [
  { name: "lb-a", role: "node" },
  { name: "lb-b", role: "node" },
];
const people: readonly Holder[] = [
  { name: "anna", role: "operator" },
  { name: "wall", role: "viewer" },
];

/** The directory of a cluster's authority with a bundle for two nodes, an operator and a viewer. */
export async function authorityWithBundles(cluster = "campus"): Promise<string> {
  const directory = await temporaryDirectory();
  await makeAuthority(directory, cluster);
  await withAuthority(directory, cluster, async (authority) => {
    for (const holder of [...nodes, ...people]) await authority.issueBundle(holder);
  });
  return directory;
}

export const bundleOf = (directory: string, name: string): Promise<Bundle> =>
  readBundle(join(directory, name));

/** A bundle such as the authority itself would not make, signed with its key. */
export async function forgedBundle(
  directory: string,
  identity: Identity,
  validity = { now: new Date(), days: 1 },
): Promise<Bundle> {
  const { readAuthority } = await import("../../src/pki/authority-files.js");
  const files = await readAuthority(directory);
  const keys = await newKeyPair();
  const signer = await signerOf(files);
  const certificate = await issueCertificate(signer, identity, publicKeyDer(keys.publicKey), validity);
  return { ca: files.certificate, crl: files.crl, certificate, key: privateKeyPem(keys.privateKey) };
}

/** An agent's door, as far as certificates are concerned: it answers who it sees, or why that is nobody. */
export async function serve(bundle: Bundle): Promise<{ server: Server; port: number; crl: { now: string } }> {
  const crl = { now: bundle.crl };
  const holders = new Holders(() => ({ cluster: "campus", ca: bundle.ca, crl: crl.now }));
  const options = { ...secureContextOf(bundle), requestCert: true, rejectUnauthorized: false };
  const server = createServer(options, ({ socket }, answer) => {
    const caller = holders.callerOn(socket as TLSSocket);
    if (caller.kind === "holder") answer.end(`${caller.identity.role} ${caller.identity.name}`);
    else answer.writeHead(401).end(caller.kind === "nobody" ? caller.why : "");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port, crl };
}

export const lbA: Identity = { cluster: "campus", role: "node", name: "lb-a" };

/** What a client is answered, with a new connection; rejects where either end refuses the other. */
export const ask = (port: number, bundle: Partial<Bundle>, expected = lbA): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { ...secureContextOf(bundle as Bundle), ...clientPolicy(expected) };
    request({ host: "127.0.0.1", port, agent: false, ...options }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      answer.once("end", () => resolve(`${answer.statusCode} ${body}`));
    })
      .once("error", reject)
      .end();
  });
