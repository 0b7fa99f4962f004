import { cp } from "node:fs/promises";
import { connect as connectPlain } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UnreachableError } from "../../../src/fleet/client.js";
import type { Bundle } from "../../../src/pki/bundle.js";
import { secureContextOf } from "../../../src/pki/policy.js";
import { Cluster } from "./cluster.js";
import { handlersWith } from "./handlers.js";
import { askTls } from "./raw.js";

const cluster = () => new Cluster();
let campus: Cluster;
let other: Cluster;
beforeEach(async () => {
  campus = await cluster().start({
    handlers: handlersWith({
      state: () => ({ fine: true }),
      follow: async function* ({ signal }) {
        yield {
          id: 1,
          data: { sequence: 1, at: "", node: "lb-a", kind: "agent" as const, text: "", details: {} },
        };
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    }),
  });
  other = await cluster().start();
});
afterEach(async () => {
  await campus.stop();
  await other.stop();
});

const state = { path: "/v1/state" };
const refusal = async (bundle: Bundle) => {
  const { status, body } = await askTls(campus.port, secureContextOf(bundle), state);
  expect(status).toBe(401);
  return JSON.parse(body).error;
};

test("a certificate of the same name and role from another authority is not accepted", async () => {
  expect(await refusal(await other.issue("anna", "operator"))).toBe(
    "the certificate is not accepted: it is not one of this cluster's authority",
  );
});

test("an expired certificate is told what to do", async () => {
  expect(await refusal(await campus.issue("anna", "operator", -1))).toContain(
    "it has expired; ask for a new one",
  );
});

test("a revoked certificate is refused once the node has the list", async () => {
  const anna = await campus.issue("anna", "operator");
  expect((await askTls(campus.port, secureContextOf(anna), state)).status).toBe(200);
  await revoke("anna");
  expect(await refusal(anna)).toBe("the certificate is not accepted: it was revoked");
});

test("a connection that is older than the revocation of its certificate answers no further request", async () => {
  const client = campus.client(await campus.issue("anna", "operator"));
  expect(await client.call("state", {})).toEqual({ fine: true });
  await revoke("anna");
  await expect(client.call("state", {})).rejects.toThrow(
    "lb-a: the certificate is not accepted: it was revoked",
  );
});

test("a connection from before the authority was replaced answers no further request", async () => {
  const client = campus.client(await campus.issue("anna", "operator"));
  expect(await client.call("state", {})).toEqual({ fine: true });
  await cp(other.identity.directory, campus.identity.directory, { recursive: true, force: true });
  await campus.identity.load();
  expect(campus.identity.current?.authority).toBe(other.identity.current?.authority);
  await expect(client.call("state", {})).rejects.toThrow(
    "lb-a: the certificate is not accepted: it is not one of this cluster's authority",
  );
});

test("a session from before the revocation cannot be taken up again", async () => {
  const { connect } = await import("node:tls");
  const anna = await campus.issue("anna", "operator");
  const socket = connect({
    port: campus.port,
    ...secureContextOf(anna),
    secureOptions: 0,
    rejectUnauthorized: false,
  });
  let tickets = 0;
  socket.on("session", () => {
    tickets += 1;
  });
  socket.write("GET /v1/state HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  await new Promise((resolve) => socket.resume().once("close", resolve));
  const session = socket.getSession();
  const again = connect({
    port: campus.port,
    ca: anna.ca,
    session,
    rejectUnauthorized: false,
    secureOptions: 0,
  });
  await new Promise((resolve) => again.once("secureConnect", resolve));
  expect(again.isSessionReused(), `${tickets} tickets`).toBe(false);
  again.destroy();
});

test("a node's certificate is refused where an agent of another name is meant", async () => {
  const anna = await campus.issue("anna", "operator");
  const { AgentClient } = await import("../../../src/fleet/client.js");
  const client = new AgentClient("lb-b", {
    kind: "tls",
    candidates: [{ host: "127.0.0.1", port: campus.port }],
    expect: { cluster: "campus", role: "node", name: "lb-b" },
    tls: secureContextOf(anna),
  });
  const failed = client.call("state", {});
  await expect(failed).rejects.toThrow(UnreachableError);
  await expect(failed).rejects.toThrow("expected holdfast://campus/node/lb-b");
});

test("an old version of TLS is refused", async () => {
  const anna = await campus.issue("anna", "operator");
  const { minVersion: _, ...context } = secureContextOf(anna);
  await expect(askTls(campus.port, { ...context, maxVersion: "TLSv1.2" }, state)).rejects.toThrow(
    /version|EPROTO/,
  );
});

test("plain HTTP on the TLS port is closed at once", async () => {
  const began = performance.now();
  const socket = connectPlain(campus.port, "127.0.0.1");
  socket.on("error", () => {});
  let got = "";
  socket.on("data", (data) => {
    got += data.toString("latin1");
  });
  socket.write("GET /v1/state HTTP/1.1\r\nHost: a\r\n\r\n");
  await new Promise((resolve) => socket.once("close", resolve));
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(got).not.toContain("HTTP/1.1 200");
});

test("a renewed certificate is shown to the next connection, and open ones live on", async () => {
  const anna = await campus.issue("anna", "operator");
  const client = campus.client(anna);
  expect(await client.call("state", {})).toEqual({ fine: true });
  const before = await shownSerial(anna);
  await campus.issue("lb-a", "node");
  await campus.identity.load();
  campus.api.renew();
  expect(await shownSerial(anna)).not.toBe(before);
  expect(await client.call("state", {})).toEqual({ fine: true });
});

async function shownSerial(bundle: Bundle): Promise<string> {
  const { connect } = await import("node:tls");
  const socket = connect({ port: campus.port, ...secureContextOf(bundle), rejectUnauthorized: false });
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

async function revoke(name: string): Promise<void> {
  await campus.authority((authority) => authority.revoke(name));
  await campus.identity.load();
  campus.api.renew();
}
