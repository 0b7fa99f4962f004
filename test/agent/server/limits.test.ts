import { spawn } from "node:child_process";
import { connect as connectTcp } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { text } from "node:stream/consumers";
import { connect, type SecureContextOptions } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Bundle } from "../../../src/pki/bundle.js";
import { secureContextOf } from "../../../src/pki/policy.js";
import { Cluster } from "./cluster.js";
import { handlersWith } from "./handlers.js";
import { askSocket, askTls } from "./raw.js";

const cluster = new Cluster();
let anna: Bundle;
beforeAll(async () => {
  await cluster.start();
  anna = await cluster.issue("anna", "operator");
});
afterAll(() => cluster.stop());

const megabyte = 1024 * 1024;
const json = { "content-type": "application/json" };

test("a body of 10 MB is refused before it is read, whether it says its length or not", async () => {
  for (const headers of [{ "content-length": 10 * megabyte }, { "transfer-encoding": "chunked" }]) {
    const before = process.memoryUsage().rss;
    const answer = await upload({ ...json, ...headers }, 10 * megabyte);
    expect(answer).toContain("HTTP/1.1 413");
    expect(answer).toContain("at most 5 MiB");
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * megabyte);
  }
});

test("somebody who may not change anything is refused before the body comes", async () => {
  const vera = await cluster.issue("vera", "viewer");
  expect(await upload({ ...json, "content-length": 4 * megabyte }, 0, secureContextOf(vera))).toContain(
    "HTTP/1.1 403",
  );
});

test("who sends on after a refusal still receives it", async () => {
  const vera = secureContextOf(await cluster.issue("vera", "viewer"));
  const headers = { ...json, "content-length": 10 * megabyte };
  for (let time = 0; time < 15; time++)
    expect(await upload(headers, 10 * megabyte, vera)).toContain("HTTP/1.1 403");
}, 60_000);

test("nobody's body is read, also where there is no route for it", async () => {
  const nobody = { ca: anna.ca };
  for (const path of ["/v1/plan", "/v1/nothing", "/healthz"]) {
    const answer = await upload({ ...json, "transfer-encoding": "chunked" }, 10 * megabyte, nobody, path);
    expect(answer).toContain("HTTP/1.1 401");
  }
});

test("what is not JSON, what is broken JSON and what is unknown is refused with its place", async () => {
  const post = (body: string, headers: Record<string, string> = json) =>
    askTls(cluster.port, secureContextOf(anna), { method: "POST", path: "/v1/plan", headers }, body);
  expect((await post("topology: x", { "content-type": "text/yaml" })).status).toBe(415);
  expect((await post("{")).status).toBe(400);
  expect((await post('{"topology":"a","__proto__":{"x":1}}')).status).toBe(400);
  const unknown = await post('{"topology":"a","comand":"reboot"}');
  expect(unknown.status).toBe(400);
  expect(JSON.parse(unknown.body)).toEqual({ error: 'body: Unrecognized key: "comand"' });
  const wrong = await post('{"topology":"a","without":["lb-a",7]}');
  expect(JSON.parse(wrong.body).error).toContain("body.without.1: ");
  expect((await askSocket(cluster.socket, { path: "/v1/events?limit=9&offset=1" })).body).toContain("offset");
  expect((await askSocket(cluster.socket, { path: "/v1/%zz" })).status).toBe(400);
  expect((await askSocket(cluster.socket, { path: "/v1/nothing" })).status).toBe(404);
});

test.concurrent.each([
  ["a client that sends no request", ""],
  ["a client that never ends its head", "GET /v1/state HTTP/1.1\r\nHost: a\r\n"],
])("%s is cut off", { timeout: 20_000 }, async (_who, sent) => {
  const socket = connect({ port: cluster.port, ...secureContextOf(anna), rejectUnauthorized: false });
  socket.on("error", () => {});
  socket.write(sent);
  const trickle = setInterval(() => sent !== "" && socket.write("x: y\r\n"), 500);
  const began = performance.now();
  await new Promise((resolve) => socket.resume().once("close", resolve));
  clearInterval(trickle);
  expect(performance.now() - began).toBeLessThan(9_000);
});

test.concurrent("a body that trickles in is cut off", { timeout: 25_000 }, async () => {
  const socket = connect({ port: cluster.port, ...secureContextOf(anna), rejectUnauthorized: false });
  socket.on("error", () => {});
  socket.write(
    "POST /v1/plan HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n",
  );
  const trickle = setInterval(() => socket.write(" "), 500);
  const began = performance.now();
  await new Promise((resolve) => socket.resume().once("close", resolve));
  clearInterval(trickle);
  expect(performance.now() - began).toBeLessThan(14_000);
});

test.concurrent("a connection that never begins its handshake is cut off", async () => {
  const socket = connectTcp(cluster.port, "127.0.0.1");
  socket.on("error", () => {});
  const began = performance.now();
  await new Promise((resolve) => socket.resume().once("close", resolve));
  expect(performance.now() - began).toBeLessThan(4_500);
});

test("one address holds so many connections and no more", async () => {
  const sockets = Array.from({ length: 60 }, () =>
    connectTcp(cluster.port, "127.0.0.1").on("error", () => {}),
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  const open = sockets.filter((socket) => !socket.destroyed && socket.readyState === "open");
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(open.length).toBe(32);
});

test("whoever asks too often is told when to ask again, and nobody else waits for it", async () => {
  const [ben, carl] = [await cluster.issue("ben", "viewer"), await cluster.issue("carl", "viewer")];
  const client = cluster.client(ben);
  const answers = await Promise.allSettled(Array.from({ length: 200 }, () => client.call("metrics", {})));
  const reasons = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []));
  expect(reasons.length).toBeGreaterThan(20);
  for (const reason of reasons)
    expect(reason).toMatchObject({
      status: 429,
      reason: expect.stringMatching(/^too many requests(: at most 20 a second| at once: wait for an answer)/),
    });
  expect((await askTls(cluster.port, secureContextOf(carl), { path: "/v1/state" })).status).toBe(200);
});

test("answers that take long do not pile up: the fifth asker of one name comes back later", async () => {
  const others = new Cluster();
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await others.start({ handlers: handlersWith({ status: () => answered.then(() => ({})) }) });
  try {
    const tls = secureContextOf(await others.issue("wall", "viewer"));
    const ask = () => askTls(others.port, tls, { path: "/v1/status" });
    const five = Array.from({ length: 5 }, ask);
    expect(await Promise.race(five)).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
    answer();
    expect((await Promise.all(five)).filter(({ status }) => status === 200)).toHaveLength(4);
    expect(await ask()).toMatchObject({ status: 200 });
  } finally {
    await others.stop();
  }
});

test.each([
  ["over connections that stay open", "kept"],
  ["each over a connection of its own", "new"],
])(
  "1,000 requests a second for 5 s, %s, are answered or limited in bounded memory and time",
  { timeout: 40_000 },
  async (how, kind) => {
    await cluster.issue(`dora-${kind}`, "operator");
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const before = process.memoryUsage().rss;
    const cpu = process.cpuUsage();
    delay.enable();
    const flood = spawn(process.execPath, [
      ...[new URL("flood.mjs", import.meta.url).pathname, kind],
      ...[String(cluster.port), cluster.at(`campus/dora-${kind}`), "1000", "5"],
    ]);
    const counts: Record<string, number> = JSON.parse(await text(flood.stdout));
    delay.disable();
    const used = process.cpuUsage(cpu);
    const grown = (process.memoryUsage().rss - before) / megabyte;
    const p99 = delay.percentile(99) / 1e6;
    process.stderr.write(
      `${how}: ${JSON.stringify(counts)}, +${grown.toFixed(0)} MiB, ${((used.user + used.system) / 1e6).toFixed(1)} s of CPU, event loop p99 ${p99.toFixed(1)} ms, max ${(delay.max / 1e6).toFixed(0)} ms\n`,
    );
    expect(counts["200"]).toBeGreaterThan(0);
    expect(counts["200"]).toBeLessThan(60 + 20 * 15);
    expect(grown).toBeLessThan(60);
    expect(p99).toBeLessThan(250);
  },
);

/** Sends a head and so much body, and returns what comes back until the end. */
function upload(
  headers: Record<string, string | number>,
  bytes: number,
  who: SecureContextOptions = secureContextOf(anna),
  path = "/v1/plan",
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port: cluster.port, ...who, rejectUnauthorized: false });
    let got = "";
    socket.on("error", () => {});
    socket.on("data", (data) => {
      got += data.toString();
    });
    socket.once("close", () => resolve(got));
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\n${head.join("")}\r\n`);
    const chunk = Buffer.alloc(64 * 1024, "x");
    const chunked = "transfer-encoding" in headers;
    const pump = (left: number) => {
      if (left <= 0 || socket.destroyed) return;
      if (chunked) socket.write(`${chunk.length.toString(16)}\r\n`);
      socket.write(chunk, () => pump(left - chunk.length));
      if (chunked) socket.write("\r\n");
    };
    pump(bytes);
  });
}
