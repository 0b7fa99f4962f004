import { once } from "node:events";
import { connect, createServer } from "node:net";
import { expect, test } from "vitest";
import { tcpTables } from "../../../src/mirror/process/tcp-tables.js";
import { SendBuffers, tableName } from "../../../src/mirror/switch/send-buffers.js";

const rest = "00:00000000 00000000     0        0 1083 1 00000000fe2b3d09 100 0 0 10 0";
/** Rows as the kernel prints them: one that listens where the others connect to, two connections, another remote end. */
const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 3202000A:19FD 00000000:0000 0A 00000007:00000000 ${rest}
   1: 0202000A:C350 3202000A:19FD 01 0000ABCD:00000000 ${rest}
 102: 0202000A:C351 3202000A:19FD 08 00000000:00000002 ${rest}
   3: 3202000A:19FD 0202000A:C350 01 00000009:00000000 ${rest}
   4: 00000000000000000000000001000000:C352 00000000000000000000000001000000:19FD 01 00000010:00000000 ${rest}
`;

test("finds what is held for a connection by both of its ends", () => {
  const buffers = new SendBuffers(table);
  const held = (local: [string, number], remote: [string, number]) =>
    buffers.heldFor(tableName(...local), tableName(...remote));
  expect(held(["10.0.2.2", 50_000], ["10.0.2.50", 6_653])).toBe(0xabcd);
  expect(held(["10.0.2.2", 50_001], ["10.0.2.50", 6_653])).toBe(0);
  expect(held(["10.0.2.2", 50_002], ["10.0.2.50", 6_653])).toBe(null);
  expect(held(["::1", 50_002], ["::1", 6_653])).toBe(16);
  expect(new SendBuffers("").heldFor("", "")).toBe(0);
});

test.each<[string, number]>([
  ["127.0.0.1", 4],
  ["::1", 6],
])("this system says of a connection to %s what nobody took", async (host, family) => {
  const server = createServer({ pauseOnConnect: true });
  server.listen(0, host);
  await once(server, "listening");
  const [accepted] = [once(server, "connection")];
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const socket = connect({ host, port });
  await once(socket, "connect");
  const [other] = await accepted;
  const held = () =>
    new SendBuffers(tcpTables(new Set([family]))).heldFor(
      tableName(host, socket.localPort ?? 0),
      tableName(host, port),
    );
  expect(held()).toBe(0);
  for (let mebibyte = 0; mebibyte < 16; mebibyte += 1) socket.write(Buffer.alloc(2 ** 20));
  await expect.poll(held, { timeout: 5_000 }).toBeGreaterThan(0);
  other.resume();
  await expect.poll(() => [held(), socket.writableLength], { timeout: 10_000 }).toEqual([0, 0]);
  socket.destroy();
  other.destroy();
  server.close();
  await once(server, "close");
});
