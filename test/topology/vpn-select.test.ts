import { describe, expect, test } from "vitest";
import { pairNumber, pairsOf } from "../../src/topology/vpn-backbone.js";
import {
  backboneAddress6,
  exchangeRoutes,
  isReflector,
  ownAddressIn,
  tunnelsOf,
  vpnServerNamed,
} from "../../src/topology/vpn-select.js";
import { nine, three, two, vpnOf } from "./vpn-networks.js";

describe("pairs of servers", () => {
  test("are numbered without gaps, from either end alike", () => {
    const numbers = pairsOf(9).map(({ lower, higher }) => pairNumber(lower, higher));
    expect(numbers).toEqual(Array.from({ length: 36 }, (_, number) => number));
    expect(pairNumber(3, 1)).toBe(pairNumber(1, 3));
  });

  test("keep their number when a server is appended", () => {
    expect(pairsOf(9).slice(0, 28)).toEqual(pairsOf(8));
  });
});

describe("tunnels", () => {
  test("have the same device and port on both ends, of which one answers", () => {
    const vpn = vpnOf(three);
    const ends = vpn.servers.flatMap((server) => tunnelsOf(vpn, server));
    for (const number of [0, 1, 2]) {
      const [one, other, ...more] = ends.filter((end) => end.number === number);
      expect(more).toEqual([]);
      expect(one).toMatchObject({ device: `core${number}`, port: 20000 + number, isTlsServer: true });
      expect(other).toMatchObject({ device: `core${number}`, port: 20000 + number, isTlsServer: false });
    }
  });

  test("go between addresses of a family that both ends have", () => {
    const vpn = vpnOf(two.replace("203.0.113.20", '["2001:db8::20", 203.0.113.20]'));
    expect(tunnelsOf(vpn, vpnServerNamed(vpn, "vpn-b")).map(({ family }) => family)).toEqual([4]);
    const sixes = vpnOf(
      two.replace("203.0.113.20", '"2001:db8::20"').replace("203.0.113.10", '"2001:db8::10"'),
    );
    expect(tunnelsOf(sixes, vpnServerNamed(sixes, "vpn-b")).map(({ family }) => family)).toEqual([6]);
  });
});

test("up to eight servers all exchange routes; of nine the first two reflect them", () => {
  const vpn = vpnOf(nine);
  const sessions = (name: string) =>
    vpn.servers.filter((peer) => peer.name !== name && exchangeRoutes(vpn, vpnServerNamed(vpn, name), peer));
  expect(vpn.servers.filter((server) => isReflector(vpn, server)).map(({ name }) => name)).toEqual([
    "vpn-a",
    "vpn-b",
  ]);
  expect(sessions("vpn-a")).toHaveLength(8);
  expect(sessions("vpn-i").map(({ name }) => name)).toEqual(["vpn-a", "vpn-b"]);
  const eight = vpnOf(nine.replace(/^.*name: vpn-i.*\n/m, ""));
  expect(eight.servers.some((server) => isReflector(eight, server))).toBe(false);
});

test("a server has the first address of its range, and an IPv6 address made of its IPv4 one", () => {
  const [server] = vpnOf(three).servers;
  expect(server?.clients.map(ownAddressIn)).toEqual(["10.100.100.1", "fd00:100:0:a::1"]);
  expect(server && backboneAddress6(server)).toBe("fd68:6f6c:6466::ac8:c801");
});

test("an unknown server is a defect", () => {
  expect(() => vpnServerNamed(vpnOf(two), "vpn-z")).toThrow("server vpn-z is not part of the network");
});
