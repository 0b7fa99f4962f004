import { expect, test } from "vitest";
import { heldSockets, socketKey, socketList } from "../../../src/agent/release/held-sockets.js";

// As ss of iproute2 6.1 printed them, of HAProxy's sockets and others'.
const printed = `ESTAB     0      0         10.0.1.100:6653       10.0.1.130:34567
FIN-WAIT-1 0     1         10.0.1.100:6653       10.0.1.131:40000
ESTAB     0      0      [fd01::100]:6653      [fd01::20]:1024
ESTAB     0      0      [::ffff:10.0.1.100]:6653 [::ffff:10.0.1.132]:5
ESTAB     0      0      [fe80::1%eth1]:22     [fe80::2]:23
`;

const key = (near: string, nearPort: number, far: string, farPort: number) =>
  socketKey({ from: { address: near, port: nearPort }, to: { address: far, port: farPort } });

test("whatever ss prints of a socket, it is known by its two ends as conntrack prints them", () => {
  expect([...heldSockets(printed)]).toEqual([
    key("10.0.1.100", 6653, "10.0.1.130", 34_567),
    key("10.0.1.100", 6653, "10.0.1.131", 40_000),
    key("fd01::100", 6653, "fd01::20", 1_024),
    key("10.0.1.100", 6653, "10.0.1.132", 5),
    key("fe80::1", 22, "fe80::2", 23),
  ]);
  expect(heldSockets("")).toEqual(new Set());
});

test("each port is asked for once, at the end that has it, and whoever is over is left out", () => {
  const [near, far] = [{ side: "near", port: 6653 } as const, { side: "far", port: 443 } as const];
  expect(socketList([near, far, near]).join(" ")).toBe(
    "ss -Htn state connected exclude time-wait ( sport = :6653 or dport = :443 )",
  );
});
