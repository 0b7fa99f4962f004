import { statSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiError } from "../../../src/api/api-error.js";
import { AgentClient, RefusedCall, UnreachableError } from "../../../src/fleet/client.js";
import { ask } from "../../../src/host/ask.js";
import type { Bundle } from "../../../src/pki/bundle.js";
import { secureContextOf } from "../../../src/pki/policy.js";
import { Cluster } from "./cluster.js";
import { handlersWith } from "./handlers.js";
import { askSocket } from "./raw.js";

const cluster = new Cluster();
let anna: Bundle;
let answered = 0;
beforeAll(async () => {
  await cluster.start({
    handlers: handlersWith({
      state: ({ caller }) => ({ caller, answered: ++answered }),
      status: async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return { late: true };
      },
      node: () => ({ text: "x".repeat(9 * 1024 * 1024) }),
      peerPlan: () => ({ text: "x".repeat(40 * 1024 * 1024) }),
      plan: () => {
        throw new ApiError(409, "lb-b runs another version", { versions: ["1", "2"] });
      },
      drift: () => {
        throw new Error("secret of the inside");
      },
      ready: () => {
        throw new ApiError(503, "haproxy is gone");
      },
    }),
  });
  anna = await cluster.issue("anna", "operator");
});
afterAll(() => cluster.stop());

const at = (candidates: { host: string; port: number }[], patience = {}) =>
  new AgentClient(
    "lb-a",
    {
      kind: "tls",
      candidates,
      expect: { cluster: "campus", role: "node", name: "lb-a" },
      tls: secureContextOf(anna),
    },
    patience,
  );

test("root and a holder of a certificate are told apart", async () => {
  expect(await cluster.client(null).call("state", {})).toMatchObject({ caller: { kind: "root" } });
  expect(await cluster.client(anna).call("state", {})).toMatchObject({
    caller: { kind: "holder", identity: { cluster: "campus", role: "operator", name: "anna" } },
  });
});

test("an agent's refusal arrives in its words, with its details", async () => {
  const refused = cluster.client(anna).call("plan", { body: { topology: "x" } });
  await expect(refused).rejects.toThrow(RefusedCall);
  await expect(refused).rejects.toMatchObject({
    status: 409,
    reason: "lb-b runs another version",
    details: { versions: ["1", "2"] },
  });
  await expect(cluster.client(anna).call("ready", {})).rejects.toMatchObject({
    status: 503,
    reason: "haproxy is gone",
  });
});

test("what fails inside an agent stays inside, and in its log", async () => {
  const failed = cluster.client(anna).call("drift", {});
  await expect(failed).rejects.toMatchObject({ status: 500 });
  await expect(failed).rejects.not.toThrow(/secret/);
  expect(cluster.logged.join("")).toContain("secret of the inside");
});

test("the next candidate is asked where nobody listens, and is the first one from then on", async () => {
  const client = at([
    { host: "127.0.0.1", port: 1 },
    { host: "127.0.0.1", port: cluster.port },
  ]);
  await client.call("state", {});
  const began = performance.now();
  await client.call("state", {});
  expect(performance.now() - began).toBeLessThan(500);
  client.close();
});

test("the error says of each address why it did not answer", async () => {
  const [mute, port] = await listening((socket) => socket.on("error", () => {}));
  const client = at(
    [
      { host: "127.0.0.1", port: 1 },
      { host: "127.0.0.1", port },
    ],
    { connect: 200 },
  );
  const failed = client.call("state", {});
  await expect(failed).rejects.toThrow(UnreachableError);
  await expect(failed).rejects.toThrow(
    `lb-a is out of reach: 127.0.0.1:1: nobody listens there; 127.0.0.1:${port}: no connection within 200 ms`,
  );
  client.close();
  mute.close();
});

test("an agent of another authority is not believed", async () => {
  const other = await new Cluster().start();
  const client = at([{ host: "127.0.0.1", port: other.port }]);
  await expect(client.call("state", {})).rejects.toThrow(
    "its certificate is not of this cluster's authority",
  );
  client.close();
  await other.stop();
});

test("a late answer is given up in time", async () => {
  const failed = cluster.client(anna).call("status", {}, { timeout: 100 });
  await expect(failed).rejects.toThrow("no answer within 100 ms");
  expect(await cluster.client(anna).call("status", {})).toEqual({ late: true });
});

test("an answer of 40 MiB is taken where a plan is asked for, and nowhere else", {
  timeout: 40_000,
}, async () => {
  const body = { topology: "x", generation: { number: 1, digest: "a" } };
  const plan = await cluster.client(null).call("peerPlan", { body } as never, { timeout: 30_000 });
  expect(JSON.stringify(plan).length).toBeGreaterThan(40 * 1024 * 1024);
  await expect(cluster.client(null).call("node", {})).rejects.toThrow("has more than 8388608 bytes");
});

test("an answer of another shape is not believed", async () => {
  await expect(cluster.client(anna).call("history", {})).rejects.toThrow("not what this version expects");
});

test("an agent that starts again is asked again over the old client", async () => {
  const first = await new Cluster().start({ handlers: handlersWith({ state: () => ({ n: 1 }) }) });
  const client = first.client(null);
  expect(await client.call("state", {})).toEqual({ n: 1 });
  await first.api.close();
  await expect(client.call("state", {})).rejects.toThrow("the socket is not there: the agent does not run");
  await first.serve({ handlers: handlersWith({ state: () => ({ n: 2 }) }) });
  expect(await client.call("state", {})).toEqual({ n: 2 });
  await first.stop();
});

test("the API moves to another address once that is free, and what was asked at the old one is answered", async () => {
  const moving = await new Cluster().start({
    handlers: handlersWith({
      state: async () => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        return { fine: true };
      },
    }),
  });
  const bundle = await moving.issue("anna", "operator");
  const asked = moving.client(bundle).call("state", {});
  await new Promise((resolve) => setTimeout(resolve, 150));
  const [blocker, port] = await listening(() => {});
  moving.api.moveTo({ host: "127.0.0.1", port });
  expect(await asked).toEqual({ fine: true });
  await new Promise((resolve) => blocker.close(resolve));
  await expect.poll(() => moving.api.port, { timeout: 5_000 }).toBe(port);
  expect(await moving.client(bundle).call("state", {})).toEqual({ fine: true });
  await moving.stop();
});

test("every answer says what it is", async () => {
  const typeOf = async (path: string) => (await askSocket(cluster.socket, { path })).headers["content-type"];
  expect(await typeOf("/v1/state")).toBe("application/json; charset=utf-8");
  expect(await typeOf("/v1/drift")).toBe("application/json; charset=utf-8");
  expect(await typeOf("/healthz")).toBe("text/plain; charset=utf-8");
  expect(await typeOf("/metrics")).toBe("text/plain; version=0.0.4; charset=utf-8");
});

test("the socket is for root alone, and answers also who has closed its half", async () => {
  expect(statSync(cluster.socket).mode & 0o777).toBe(0o600);
  const head = "GET /v1/status HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n\r\n";
  expect(await ask(cluster.socket, head, 2_000)).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\n\{"late":true\}$/);
});

function listening(accept: Parameters<typeof createServer>[1] & {}): Promise<[Server, number]> {
  const server = createServer(accept);
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve([server, typeof address === "object" && address !== null ? address.port : 0]);
    }),
  );
}
