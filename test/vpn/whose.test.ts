import { expect, test } from "vitest";
import { Whose } from "../../src/vpn/whose.js";
import { three, vpnOf } from "../topology/vpn-networks.js";

const whose = new Whose(vpnOf(three));

test.each([
  ["10.100.200.1/32", "host1"],
  ["fd00:100::1/128", "host1"],
  ["10.100.201.0/24", "host1"],
  ["fd00:100:0:d::/64", "host1"],
  ["10.100.200.2/32", "Host_2@example"],
])("%s is %s's alone", (destination, name) => {
  expect(whose.isOwn({ destination, name })).toBe(true);
  expect(whose.isOwn({ destination, name: "somebody" })).toBe(false);
});

test("what the topology gives nobody is nobody's", () => {
  expect(whose.isOwn({ destination: "10.100.200.9/32", name: "host1" })).toBe(false);
});

test.each(["10.100.200.1/32", "10.100.210.0/24", "fd00:100::c8:1/128", "10.100.100.0/23"])(
  "%s is of the pool and of no server's range: on whichever server its client is",
  (destination) => expect(whose.isShared(destination)).toBe(true),
);

test.each([
  "10.100.100.10/32",
  "fd00:100:0:a::7/128",
  "10.101.0.1/32",
  "0.0.0.0/0",
  "10.100.0.0/16",
  "10.0.0.0/8",
  "192.0.2.0/24",
  "::/0",
  "no prefix",
])("%s is a server's own, or nobody's", (destination) => expect(whose.isShared(destination)).toBe(false));
