import { describe, expect, test } from "vitest";
import { nine, problemsOf, three, two, vpnOf } from "./vpn-networks.js";

describe("the section vpn", () => {
  test("has the defaults that an operator need not write", () => {
    const { backbone, servers } = vpnOf(two);
    expect(backbone).toEqual({ device: "bb", port: 11940, proto: "udp" });
    expect(servers[0]).toMatchObject({ port: 1194, proto: "udp", device: "tun0" });
  });

  test("has either form of management", () => {
    expect(vpnOf(two).servers.map(({ management }) => management)).toEqual([
      { socket: "/run/openvpn/overlay.sock", passwordFile: "/etc/openvpn/pass" },
      { address: "127.0.0.1", port: 5656, passwordFile: null },
    ]);
    expect(vpnOf(three).servers[2]?.management).toEqual({ address: "::1", port: 5656, passwordFile: null });
  });

  test("gives IPv4 first, in whatever order it is written", () => {
    const swapped = three
      .replace("[10.100.0.0/16, ", "[")
      .replace('"fd00:100::/48"]', '"fd00:100::/48", 10.100.0.0/16]');
    expect(vpnOf(swapped)).toEqual(vpnOf(three));
    expect(vpnOf(three).pool.map(({ family }) => family)).toEqual([4, 6]);
  });

  test.each([
    ["port: 5656", "", "vpn.servers[1].management: give either socket or port"],
    ["port: 5656", "port: 5656, socket: /run/x", "vpn.servers[1].management: give either socket or port"],
    [
      "port: 5656",
      "socket: /run/x, address: 127.0.0.1",
      "vpn.servers[1].management: an address needs a port",
    ],
    [
      "port: 5656",
      "port: 5656, address: 203.0.113.20",
      "vpn.servers[1].management.address: must be 127.0.0.1 or ::1: who gets there commands the server",
    ],
    [
      "port: 5656",
      "socket: run/x",
      "vpn.servers[1].management.socket: must be an absolute path of A-Z, a-z, 0-9, `_`, `.` and `-`",
    ],
    [
      "port: 5656",
      "socket: /run/../x",
      "vpn.servers[1].management.socket: must be an absolute path of A-Z, a-z, 0-9, `_`, `.` and `-`",
    ],
    [
      "port: 5656",
      `socket: /${"x".repeat(107)}`,
      "vpn.servers[1].management.socket: must be at most 107 characters",
    ],
    [
      "port: 5656 }",
      "port: 5656 }, device: tun",
      "vpn.servers[1].device: tun has OpenVPN choose a number, so that nobody else knows the device; name one, such as tun0",
    ],
    [
      "port: 5656 }",
      "port: 5656 }, device: tap",
      "vpn.servers[1].device: tap has OpenVPN choose a number, so that nobody else knows the device; name one, such as tap0",
    ],
    [
      "port: 5656 }",
      "port: 5656 }, device: 'null'",
      "vpn.servers[1].device: null is OpenVPN's word for no device at all; name one, such as tun0",
    ],
    [
      "backbone: 10.200.200.2",
      'backbone: "fd00::2"',
      "vpn.servers[1].backbone: must be an IPv4 address: it is also BGP's router id",
    ],
    [
      "address: 203.0.113.20",
      "address: 203.0.113.20, proto: sctp",
      "vpn.servers[1].proto: must be udp or tcp",
    ],
    [
      "name: host1",
      "name: DEFAULT",
      "vpn.clients[0].name: must be the common name of a certificate: 1 to 64 of A-Z, a-z, 0-9, `_`, `.`, `@` and `-`, beginning with a letter or digit, and not DEFAULT",
    ],
  ])("refuses '%s' as '%s'", (from, to, problem) => {
    expect(problemsOf(two.replace(from, to))).toEqual([problem]);
  });

  test.each(["tun1", "tuna", "nullable"])("has clients at a device %s", (device) => {
    const text = two.replace("port: 5656 }", `port: 5656 }, device: ${device}`);
    expect(vpnOf(text).servers[1]?.device).toBe(device);
  });

  test("has at least two servers and at most 256", () => {
    const alone = two.replace(/^.*name: vpn-b.*\n/m, "");
    expect(problemsOf(alone)).toEqual(["vpn.servers: routes are shared between at least two servers"]);
    const many = (count: number) =>
      `name: n\npool: 10.0.0.0/8\nservers:\n${Array.from(
        { length: count },
        (_, n) =>
          `  - { name: v${n}, address: 203.${n >> 8}.${n & 255}.1, clients: 10.${n & 255}.${n >> 8}.0/24, backbone: 172.16.${n >> 8}.${n & 255}, management: { port: 5656 } }\n`,
      ).join("")}`;
    expect(problemsOf(many(256))).toEqual([]);
    expect(problemsOf(many(257))).toEqual(["vpn.servers: at most 256 servers"]);
    expect(problemsOf(nine)).toEqual([]);
  });
});
