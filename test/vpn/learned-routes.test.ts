import { expect, test } from "vitest";
import { type LearnedRoute, LearnedRoutesReader } from "../../src/vpn/learned-routes.js";

// BIRD 2.0.12: `show route primary`, with `timeformat route iso long ms`.
const said = `BIRD 2.0.12 ready.
Access restricted
Table master4:
10.100.200.2/32      unicast [peer-vpn-b 2026-11-30 20:45:31.839] * (100) [i]
	via 10.200.200.2 on bb0
10.100.200.3/32      unicast [peer-vpn-b 2026-11-30 20:45:31.839] * (100) [i]
	via 10.200.200.2 on bb0 weight 1
	via 10.200.200.3 on bb1 weight 1
10.100.104.0/24      unicast [peer-vpn-e 2026-11-29 20:45:31.876] * (100) [i]
	via 10.200.200.5 on bb6 onlink
10.100.200.4/32      unreachable [peer-vpn-e 2026-11-30 20:45:31.876] * (100) [i]
10.100.200.5/32      unicast [peer-vpn-e 20:45:31.876] * (100) [i]
	via 10.200.200.5 on bb6

Table master6:
fd00:100::c:0:0/96   unicast [peer-vpn-c 2026-11-30 20:45:31.551 from 10.200.200.3] * (100/?) [i]
	dev bb1
`;
const at = (day: number, ms: number) => new Date(2026, 10, day, 20, 45, 31, ms).getTime();
const routes = [
  { destination: "10.100.200.2/32", via: "10.200.200.2", device: "bb0", since: at(30, 839) },
  { destination: "10.100.104.0/24", via: "10.200.200.5", device: "bb6", since: at(29, 876) },
  { destination: "fd00:100::c:0:0/96", via: null, device: "bb1", since: at(30, 551) },
];

function read(pieces: readonly string[]): LearnedRoute[] {
  const found: LearnedRoute[] = [];
  const reader = new LearnedRoutesReader((route) => void found.push(route));
  for (const piece of pieces) reader.read(piece);
  reader.end();
  return found;
}

test("routes by one way, of which BIRD says since when", () => {
  expect(read([said])).toEqual(routes);
});

test("are the same in whatever pieces they come, and without the last line's end", () => {
  for (let size = 1; size < said.length; size++) {
    const pieces = said.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
    expect(read(pieces), `${size} at a time`).toEqual(routes);
  }
  expect(read([said.trimEnd()])).toEqual(routes);
  expect(read([])).toEqual([]);
});
