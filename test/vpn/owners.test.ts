import { expect, test } from "vitest";
import { ownersIn } from "../../src/vpn/owners.js";
import { three, vpnOf } from "../topology/vpn-networks.js";

test("fixed addresses of both families, and networks behind clients, have an owner; nothing else has", () => {
  expect([...ownersIn(vpnOf(three))]).toEqual([
    ["10.100.200.1/32", "host1"],
    ["fd00:100::1/128", "host1"],
    ["10.100.201.0/24", "host1"],
    ["fd00:100:0:d::/64", "host1"],
    ["10.100.200.2/32", "Host_2@example"],
  ]);
});
