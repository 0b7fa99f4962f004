import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConnectionLimit } from "../../../src/agent/server/connection-limit.js";

const bounds = { inAll: 4, perAddress: 4, strangers: 2 };
const peer = "127.0.0.9";

let limit: ConnectionLimit;
let server: Server;
let clients: Socket[];

beforeEach(async () => {
  limit = new ConnectionLimit(bounds, (address) => address === peer);
  clients = [];
  server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  for (const client of clients) client.destroy();
  server.close();
});

/** A connection from an address: its end at the server, and whether it may stay. */
async function from(address: string): Promise<{ socket: Socket; stays: boolean }> {
  const place = server.address();
  if (place === null || typeof place === "string") throw new Error("the server does not listen");
  const accepted = once(server, "connection");
  const client = connect({ host: "127.0.0.1", port: place.port, localAddress: address });
  client.on("error", () => undefined);
  clients.push(client);
  const [socket] = (await accepted) as [Socket];
  return { socket, stays: limit.take(socket) };
}

test("an address may have so many strangers' connections, and another one when one of them ends", async () => {
  const first = await from("127.0.0.1");
  expect([first.stays, (await from("127.0.0.1")).stays]).toEqual([true, true]);
  expect((await from("127.0.0.1")).stays).toBe(false);
  first.socket.destroy();
  await once(first.socket, "close");
  expect((await from("127.0.0.1")).stays).toBe(true);
});

test("those that were vouched for are no strangers any more, and have a bound of their own", async () => {
  const known = [await from("127.0.0.1"), await from("127.0.0.1")];
  for (const { socket } of known) limit.vouch(socket);
  expect((await from("127.0.0.1")).stays).toBe(true);
  const last = await from("127.0.0.1");
  expect(last.stays).toBe(true);
  limit.vouch(last.socket);
  expect((await from("127.0.0.1")).stays, "four are all that an address may have").toBe(false);
});

test("where no more fit, the oldest that nobody vouched for makes room", async () => {
  const known = await from("127.0.0.1");
  limit.vouch(known.socket);
  const strangers = [await from("127.0.0.2"), await from("127.0.0.3"), await from("127.0.0.4")];
  expect((await from("127.0.0.5")).stays).toBe(true);
  expect((await from("127.0.0.6")).stays).toBe(true);
  expect(known.socket.destroyed).toBe(false);
  expect(strangers.map(({ socket }) => socket.destroyed)).toEqual([true, true, false]);
});

test("where all are vouched for nobody else is let in but a peer", async () => {
  for (const n of [1, 2, 3, 4]) limit.vouch((await from(`127.0.0.${n}`)).socket);
  expect((await from("127.0.0.5")).stays).toBe(false);
  expect((await from(peer)).stays).toBe(true);
});

test("a peer makes room for nobody", async () => {
  const node = await from(peer);
  for (const n of [1, 2, 3, 4, 5, 6]) expect((await from(`127.0.0.${n}`)).stays).toBe(true);
  expect(node.socket.destroyed).toBe(false);
});
