import { once } from "node:events";
import { connect } from "node:tls";
import { expect, test } from "vitest";
import { withAuthority } from "../../src/pki/authority.js";
import { clientPolicy, secureContextOf } from "../../src/pki/policy.js";
import { ask, authorityWithBundles, bundleOf, forgedBundle, lbA, serve } from "./site.js";

const yesterday = { now: new Date(Date.now() - 2 * 86_400_000), days: 1 };

test("an operator, a viewer and a peer are each let in as what they are", async () => {
  const directory = await authorityWithBundles();
  const { port } = await serve(await bundleOf(directory, "lb-a"));
  expect(await ask(port, await bundleOf(directory, "anna"))).toBe("200 operator anna");
  expect(await ask(port, await bundleOf(directory, "wall"))).toBe("200 viewer wall");
  expect(await ask(port, await bundleOf(directory, "lb-b"))).toBe("200 node lb-b");
});

test("who shows no certificate is nobody", async () => {
  const directory = await authorityWithBundles();
  const { port } = await serve(await bundleOf(directory, "lb-a"));
  const { ca, crl } = await bundleOf(directory, "anna");
  expect(await ask(port, { ca, crl })).toMatch(/^401 show a certificate of the cluster campus/);
});

test("a certificate of another authority is refused, whatever it says and although both authorities bear one name", async () => {
  const [ours, theirs] = [await authorityWithBundles(), await authorityWithBundles()];
  const { port } = await serve(await bundleOf(ours, "lb-a"));
  const { certificate, key } = await bundleOf(theirs, "anna");
  const { ca, crl } = await bundleOf(ours, "anna");
  expect(await ask(port, { ca, crl, certificate, key })).toBe(
    "401 the certificate is not accepted: it is not one of this cluster's authority",
  );
  await expect(ask(port, await bundleOf(theirs, "anna"))).rejects.toThrow(/certificate/);
});

test("an expired certificate is refused, of a client by the server and of a server by the client", async () => {
  const directory = await authorityWithBundles();
  const { port } = await serve(await bundleOf(directory, "lb-a"));
  const anna = await forgedBundle(
    directory,
    { cluster: "campus", role: "operator", name: "anna" },
    yesterday,
  );
  expect(await ask(port, anna)).toMatch(/^401 the certificate is not accepted: it has expired/);
  const expired = await serve(await forgedBundle(directory, lbA, yesterday));
  await expect(ask(expired.port, await bundleOf(directory, "anna"))).rejects.toThrow(/expired/);
});

test("a revoked certificate is refused, of a client by the server and of a server by the client", async () => {
  const directory = await authorityWithBundles();
  const { server, port } = await serve(await bundleOf(directory, "lb-a"));
  expect(await ask(port, await bundleOf(directory, "anna"))).toBe("200 operator anna");
  await withAuthority(directory, "campus", async (authority) => {
    await authority.revoke("anna");
    await authority.revoke("lb-b");
  });
  server.setSecureContext(secureContextOf(await bundleOf(directory, "lb-a")));
  expect(await ask(port, await bundleOf(directory, "anna"))).toBe(
    "401 the certificate is not accepted: it was revoked",
  );
  expect(await ask(port, await bundleOf(directory, "wall"))).toBe("200 viewer wall");
  const revoked = await serve(await bundleOf(directory, "lb-b"));
  const lbB = { ...lbA, name: "lb-b" };
  await expect(ask(revoked.port, await bundleOf(directory, "wall"), lbB)).rejects.toThrow(/revoked/);
});

test("somebody of another cluster is nobody here, even if one authority had signed for both", async () => {
  const directory = await authorityWithBundles();
  const { port } = await serve(await bundleOf(directory, "lb-a"));
  const stranger = await forgedBundle(directory, { cluster: "annex", role: "operator", name: "anna" });
  expect(await ask(port, stranger)).toBe("401 the certificate is for the cluster annex, this is campus");
});

test("a client talks to the node that it means and to no other, at whatever address", async () => {
  const directory = await authorityWithBundles();
  const { port } = await serve(await bundleOf(directory, "lb-b"));
  const anna = await bundleOf(directory, "anna");
  await expect(ask(port, anna, lbA)).rejects.toThrow(
    "expected holdfast://campus/node/lb-a, but holdfast://campus/node/lb-b answers",
  );
  expect(await ask(port, anna, { ...lbA, name: "lb-b" })).toBe("200 operator anna");
  await expect(ask(port, anna, { ...lbA, name: "lb-b", cluster: "annex" })).rejects.toThrow(/expected/);
});

test("an operator's key cannot pose as an agent", async () => {
  const directory = await authorityWithBundles();
  const anna = await bundleOf(directory, "anna");
  const { port } = await serve(anna);
  const asAnna = { cluster: "campus", role: "operator", name: "anna" } as const;
  await expect(ask(port, await bundleOf(directory, "lb-b"), asAnna)).rejects.toThrow(/purpose/);
});

test("less than TLS 1.3 is refused, also after the certificate was replaced", async () => {
  const directory = await authorityWithBundles();
  const bundle = await bundleOf(directory, "lb-a");
  const { server, port } = await serve(bundle);
  server.setSecureContext(secureContextOf(bundle));
  const { minVersion: _, ...old } = secureContextOf(await bundleOf(directory, "anna"));
  const client = connect({ host: "127.0.0.1", port, ...old, ...clientPolicy(lbA), maxVersion: "TLSv1.2" });
  const [error] = await once(client, "error");
  expect(String(error)).toMatch(/protocol version/);
});

test("no session can be resumed: who comes back shows the certificate again", async () => {
  const directory = await authorityWithBundles();
  const { port } = await serve(await bundleOf(directory, "lb-a"));
  const options = { ...secureContextOf(await bundleOf(directory, "anna")), ...clientPolicy(lbA) };
  const client = connect({ host: "127.0.0.1", port, ...options });
  const sessions: Buffer[] = [];
  client.on("session", (session: Buffer) => sessions.push(session));
  client.write("GET / HTTP/1.1\r\nHost: lb-a\r\nConnection: close\r\n\r\n");
  client.resume();
  await once(client, "close");
  const [session] = sessions;
  if (session === undefined) throw new Error("the server offered no session");
  const again = connect({ host: "127.0.0.1", port, ...options, session });
  await once(again, "secureConnect");
  expect(again.isSessionReused()).toBe(false);
  again.destroy();
});
