import { afterEach, expect, test } from "vitest";
import { UnreachableError } from "../../../src/fleet/client.js";
import { secureContextOf } from "../../../src/pki/policy.js";
import { Cluster } from "./cluster.js";
import { handlersWith } from "./handlers.js";
import { askTls } from "./raw.js";

const event = (sequence: number, text = "") => ({
  id: sequence,
  data: { sequence, at: "", node: "lb-a", kind: "agent" as const, text, details: {} },
});

let cluster: Cluster;
afterEach(() => cluster.stop());

test("events come in order, and a reader that comes back goes on behind the last one it has", async () => {
  cluster = await new Cluster().start({
    handlers: handlersWith({
      follow: async function* ({ after }) {
        for (let n = (after ?? 0) + 1; n <= 500; n++) yield event(n, "x".repeat(500));
      },
    }),
  });
  const anna = await cluster.issue("anna", "viewer");
  const sequences: number[] = [];
  for await (const { sequence } of cluster.client(anna).events("follow", { query: { after: 100 } }))
    sequences.push(sequence);
  expect(sequences).toEqual(Array.from({ length: 400 }, (_, n) => n + 101));

  const resumed = { path: "/v1/events/stream?after=100", headers: { "last-event-id": "498" } };
  const { headers, body } = await askTls(cluster.port, secureContextOf(anna), resumed);
  expect(headers["content-type"]).toBe("text/event-stream; charset=utf-8");
  expect(body.match(/^id: .*/gm)).toEqual(["id: 499", "id: 500"]);
  const broken = { path: "/v1/events/stream", headers: { "last-event-id": "x" } };
  expect((await askTls(cluster.port, secureContextOf(anna), broken)).status).toBe(400);
});

test("a stream ends for its source when the reader goes, and for the reader when its certificate is revoked", async () => {
  const ended: string[] = [];
  cluster = await new Cluster().start({
    handlers: handlersWith({
      follow: async function* ({ signal }) {
        yield event(1);
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        ended.push("follow");
      },
    }),
    streams: { heartbeat: 100, stall: 10_000 },
  });
  const anna = await cluster.issue("anna", "viewer");
  const gone = new AbortController();
  for await (const { sequence } of cluster.client(anna).events("follow", {}, gone.signal)) {
    expect(sequence).toBe(1);
    gone.abort();
  }
  await expect.poll(() => ended).toEqual(["follow"]);

  const stream = cluster.client(anna).events("follow", {});
  await stream.next();
  await cluster.authority((authority) => authority.revoke("anna"));
  await cluster.identity.load();
  cluster.api.renew();
  await expect(stream.next()).rejects.toThrow(UnreachableError);
  await expect.poll(() => ended).toEqual(["follow", "follow"]);
});

test("a reader that takes nothing is dropped, and nothing is read ahead for it", async () => {
  let given = 0;
  cluster = await new Cluster().start({
    handlers: handlersWith({
      follow: async function* () {
        for (;;) yield event(++given, "x".repeat(10_000));
      },
    }),
    streams: { heartbeat: 15_000, stall: 500 },
  });
  const { connect } = await import("node:tls");
  const anna = await cluster.issue("anna", "viewer");
  const socket = connect({ port: cluster.port, ...secureContextOf(anna), rejectUnauthorized: false });
  socket.on("error", () => {});
  socket.pause();
  socket.write("GET /v1/events/stream HTTP/1.1\r\nHost: a\r\n\r\n");
  await expect.poll(() => given).toBeGreaterThan(0);
  let before = -1;
  while (before !== given) {
    before = given;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  // What the two kernels' socket buffers hold, and no more.
  expect(given * 10_000).toBeLessThan(20 * 1024 * 1024);
  const began = performance.now();
  await new Promise((resolve) => socket.resume().once("close", resolve));
  expect(performance.now() - began).toBeLessThan(5_000);
});

test("a stream whose source fails is cut off, so that nobody takes it for complete", async () => {
  cluster = await new Cluster().start({
    handlers: handlersWith({
      follow: async function* () {
        yield event(1);
        await new Promise((resolve) => setTimeout(resolve, 100));
        throw new Error("the disk is gone: /var/lib/secret");
      },
    }),
  });
  const stream = cluster.client(null).events("follow", {});
  expect((await stream.next()).value).toMatchObject({ sequence: 1 });
  await expect(stream.next()).rejects.toThrow("this node is out of reach");
  expect(cluster.logged.join("")).toContain("the disk is gone");
});
