import { expect, test } from "vitest";
import { learnedRouteIn } from "../../src/vpn/learned-routes.js";

test.each([
  // iproute2 6.1: `ip route show proto bird`, and with -6.
  [
    "10.100.200.1 via 10.200.200.1 dev bb0 metric 32 ",
    { destination: "10.100.200.1/32", via: "10.200.200.1", device: "bb0" },
  ],
  ["10.100.101.0/24 dev bb0 metric 32 ", { destination: "10.100.101.0/24", via: null, device: "bb0" }],
  [
    "fd00:100::c8:1 via fd68:6f6c:6466::ac8:c801 dev bb0 metric 32 pref medium",
    { destination: "fd00:100::c8:1/128", via: "fd68:6f6c:6466::ac8:c801", device: "bb0" },
  ],
  ["unreachable 10.0.0.0/8 metric 32 ", null],
  ["10.0.0.0/8 metric 32 ", null],
  ["\tnexthop via 10.200.200.1 dev bb0 weight 1 ", null],
  ["", null],
])("%j is one, or none", (line, route) => {
  expect(learnedRouteIn(line)).toEqual(route);
});
