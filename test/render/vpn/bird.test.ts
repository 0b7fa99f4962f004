import { expect, test } from "vitest";
import { bird } from "../../../src/render/vpn/bird.js";
import type { Vpn } from "../../../src/topology/cluster.js";
import { vpnServerNamed } from "../../../src/topology/vpn-select.js";
import { two, vpnOf } from "../../topology/vpn-networks.js";

const three = vpnOf(
  two
    .replace(
      "clients:\n",
      "  - { name: vpn-c, address: 203.0.113.30, clients: 10.100.20.0/24, backbone: 10.200.200.3, management: { port: 5656 } }\nclients:\n",
    )
    .replace("address: 10.100.200.1 }", "address: 10.100.200.1, subnets: [10.100.50.0/24] }")
    .replace("address: 10.100.200.2 }", "address: 10.100.200.2, subnets: [10.100.40.0/24] }"),
);

const rendered = (vpn: Vpn, server: string): string => bird.render(vpn, vpnServerNamed(vpn, server));

test("what is only written in another order changes nothing", () => {
  const [a, b, c] = three.servers;
  if (a === undefined || b === undefined || c === undefined) throw new Error("three servers");
  const written = rendered(three, "vpn-c");
  expect(rendered({ ...three, servers: [b, a, c] }, "vpn-c")).toBe(written);
  expect(rendered({ ...three, clients: [...three.clients].reverse() }, "vpn-c")).toBe(written);
});
