import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import type { Endpoint } from "../../../src/agent/answers/endpoints.js";
import { knock, reach } from "../../../src/agent/answers/knock.js";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

test("whoever is sent away by a reset was answered, even if the reset is there before the connection is noticed", async () => {
  const elsewhere = new Worker(
    `const { createServer } = require("node:net");
     const { parentPort } = require("node:worker_threads");
     const server = createServer((socket) => socket.resetAndDestroy());
     server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));`,
    { eval: true },
  );
  const [port] = await once(elsewhere, "message");
  const answer = knock(at(port));
  // This thread is busy while the other one sends it away.
  process.nextTick(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200));
  expect(await answer).toBe(true);
  await elsewhere.terminate();
});

test("whoever is let in and sent away was answered", async () => {
  expect(await knock(await listening((socket) => socket.end()))).toBe(true);
});

test("a port at which nobody listens does not answer", async () => {
  const endpoint = await listening(() => {});
  servers.pop()?.close();
  expect(await knock(endpoint)).toBe(false);
});

test("the kernel's own queue is no answer: a listener that says nothing is silent", async () => {
  const sockets: Socket[] = [];
  const endpoint = await listening((socket) => sockets.push(socket));
  expect(await knock(endpoint)).toBe(false);
  for (const socket of sockets) socket.destroy();
});

test("over the network a handshake is enough, and a port at which nobody listens is not reached", async () => {
  const endpoint = await listening(() => {});
  expect(await reach(endpoint, "127.0.0.1")).toBe(true);
  servers.pop()?.close();
  expect(await reach(endpoint, "127.0.0.1")).toBe(false);
});

async function listening(accepted: (socket: Socket) => void) {
  const server = createServer(accepted).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return at(port);
}

const at = (port: number): Endpoint => ({
  ...{ service: "openflow", network: "switches", family: 4, address: "127.0.0.1", port },
});
