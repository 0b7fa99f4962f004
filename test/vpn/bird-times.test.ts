import { expect, test } from "vitest";
import { birdTimeIn } from "../../src/vpn/bird-times.js";

test.each([
  // BIRD 2.0.12: `show route primary`, with `timeformat route iso long ms`.
  [
    "10.100.200.2/32      unicast [peer-vpn-b 2026-11-30 20:45:31.839] * (100) [i]",
    { destination: "10.100.200.2/32", since: new Date(2026, 10, 30, 20, 45, 31, 839).getTime() },
  ],
  [
    "fd00:100::c:0:0/96   unicast [peer-vpn-c 2026-11-30 20:45:31.551 from 10.200.200.3] * (100/?) [i]",
    { destination: "fd00:100::c:0:0/96", since: new Date(2026, 10, 30, 20, 45, 31, 551).getTime() },
  ],
  ["10.100.200.2/32      unicast [peer-vpn-b 20:45:31.839] * (100) [i]", null],
  ["Table master4:", null],
  ["BIRD 2.0.12 ready.", null],
  ["\tvia 10.200.200.2 on bb0", null],
  ["", null],
])("%j says since when there is a route, or nothing", (line, time) => {
  expect(birdTimeIn(line)).toEqual(time);
});
