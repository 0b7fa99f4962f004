import { describe, expect, test } from "vitest";
import { layout } from "../../src/lab/layout.js";
import type { Layout } from "../../src/lab/layout-plan.js";
import { hostsFile } from "../../src/lab/power.js";
import { managementOutside } from "../../src/lab/vpn-management.js";
import type { Cluster, Vpn } from "../../src/topology/cluster.js";
import { vpnOf } from "../topology/vpn-networks.js";
import { example } from "./topology.js";

const overlay = example("overlay", "overlay").cluster;
const pair = example("pair", "pair").cluster;
const { vpn } = overlay;
if (vpn === null) throw new Error("the overlay has VPN servers");
const mixed: Cluster = { ...pair, vpn };

const machine = ({ machines }: Layout, name: string) => machines.find((each) => each.name === name);
const own = (drawn: Layout, name: string) =>
  machine(drawn, name)?.ports.flatMap(({ addresses }) =>
    addresses.map(({ address, prefix }) => `${address}/${prefix}`),
  );

describe("a lab of VPN servers", () => {
  const drawn = layout(overlay, { switches: 2 });

  test("has them by their names on the internet, and the topology's clients first", () => {
    expect(drawn.machines.map(({ name, kind, aliases }) => [name, kind, ...aliases])).toEqual([
      ["vpn-a", "vpn-server"],
      ["vpn-b", "vpn-server"],
      ["vpn-client-1", "vpn-client", "host1"],
      ["vpn-client-2", "vpn-client", "host2"],
    ]);
    expect(drawn.segments.map(({ name }) => name)).toEqual(["internet"]);
    expect(own(drawn, "vpn-a")).toEqual(["203.0.113.10/32"]);
    expect(own(drawn, "vpn-client-1")).toEqual(["100.64.255.254/32"]);
  });

  test("every address of the internet is at hand there", () => {
    for (const { routes } of drawn.machines)
      expect(routes).toEqual([{ destination: "0.0.0.0/0", device: "eth1" }]);
  });

  test("clients are spread over the servers, and those that the topology does not name have their machine's name", () => {
    const { vpnClients } = layout(overlay, { switches: 0, vpnClients: 5 });
    expect(vpnClients.map(({ machine: name, commonName, server }) => [name, commonName, server])).toEqual([
      ["vpn-client-1", "host1", "vpn-a"],
      ["vpn-client-2", "host2", "vpn-b"],
      ["vpn-client-3", "vpn-client-3", "vpn-a"],
      ["vpn-client-4", "vpn-client-4", "vpn-b"],
      ["vpn-client-5", "vpn-client-5", "vpn-a"],
    ]);
  });

  test("no two certificates have one name, whatever the topology's clients are called", () => {
    const [first, second] = vpn.clients;
    if (first === undefined || second === undefined) throw new Error("the overlay has two clients");
    const odd: Vpn = { ...vpn, clients: [{ ...first, name: "vpn-client-3" }, second] };
    const { vpnClients } = layout({ ...overlay, vpn: odd }, { switches: 0, vpnClients: 4 });
    expect(vpnClients.map(({ commonName }) => commonName)).toEqual([
      ...["vpn-client-3", "host2", "lab-vpn-client-3", "vpn-client-4"],
    ]);
  });

  test("by a client's own name the others mean its address in the virtual network", () => {
    const lines = hostsFile(drawn).split("\n");
    expect(lines).toContain("10.100.200.1 host1");
    expect(lines).toContain("100.64.255.254 vpn-client-1");
  });

  test("fewer clients than the topology names, or more than 200, are refused", () => {
    const size = (vpnClients: number) => () => layout(overlay, { switches: 0, vpnClients });
    expect(size(1)).toThrow("the topology names 2 VPN clients, all of which a lab has");
    expect(size(201)).toThrow("0 to 200");
    expect(() => layout(pair, { switches: 0, vpnClients: 1 })).toThrow("has no VPN servers");
    expect(layout(pair, { switches: 0, vpnClients: 0 })).toEqual(layout(pair, { switches: 0 }));
  });

  test("both families are there where a server has both, and nothing meets what the topology has", () => {
    const dual = vpnOf(`
name: overlay
pool: 100.64.0.0/10
servers:
  - { name: vpn-a, address: [198.18.0.9, "2001:db8:ffff:fffe::9"], clients: 100.64.0.0/24, backbone: 10.200.200.1, management: { port: 5656 } }
  - { name: vpn-b, address: 198.51.100.20, clients: 100.64.1.0/24, backbone: 10.200.200.2, management: { port: 5656 } }
`);
    const both = layout({ ...overlay, vpn: dual }, { switches: 0 });
    expect(own(both, "vpn-client-1")).toEqual(["192.0.2.254/32", "2001:db8:fffe:fffe::fffe/128"]);
    expect(machine(both, "vpn-a")?.routes).toEqual([
      { destination: "0.0.0.0/0", device: "eth1" },
      { destination: "::/0", device: "eth1" },
    ]);
  });
});

describe("beside load balancers", () => {
  const drawn = layout(mixed, { switches: 2 });

  test("nothing of their own part changes but the way to the VPN servers", () => {
    const before = layout(pair, { switches: 2 });
    for (const plan of before.machines)
      expect(machine(drawn, plan.name)?.ports.map(({ addresses }) => addresses)).toEqual(
        plan.ports.map(({ addresses }) => addresses),
      );
    expect(machine(drawn, "lb-a")?.routes.map(({ destination }) => destination)).toEqual([
      "203.0.113.10/32",
      "198.51.100.20/32",
    ]);
  });

  test("a router leads to the agents' network and from there to the servers", () => {
    const [inside, outside] = machine(drawn, "internet-router")?.ports ?? [];
    expect([inside?.segment, outside?.segment]).toEqual([pair.agent.network, "internet"]);
    const hop = inside?.addresses[0]?.address;
    expect(machine(drawn, "lb-a")?.routes[0]).toEqual({ destination: "203.0.113.10/32", via: hop });
    expect(machine(drawn, "vpn-a")?.routes).toContainEqual({
      destination: "10.0.9.0/24",
      via: outside?.addresses[0]?.address,
    });
  });

  test("a VPN server whose address is in one of their networks is refused", () => {
    const [first, ...others] = vpn.servers;
    if (first === undefined) throw new Error("the overlay has servers");
    const inside = { ...first, addresses: [{ family: 4 as const, address: "10.0.9.50" }] };
    expect(() =>
      layout({ ...mixed, vpn: { ...vpn, servers: [inside, ...others] } }, { switches: 0 }),
    ).toThrow("vpn-a's address 10.0.9.50 is in network management");
  });

  test("a network that is called internet keeps its name", () => {
    const [network, ...others] = pair.networks;
    if (network === undefined) throw new Error("the pair has networks");
    const named = layout(
      { ...mixed, networks: [...others, network, { ...network, name: "internet", cidrs: [] }] },
      { switches: 0 },
    );
    expect(machine(named, "vpn-a")?.ports[0]?.segment).toBe("internet-2");
  });
});

test("a management that would stand outside of a lab machine is refused", () => {
  const [server] = vpn.servers;
  if (server === undefined) throw new Error("the overlay has servers");
  expect(managementOutside(server)).toBeNull();
  expect(
    managementOutside({ ...server, management: { socket: "/srv/a.sock", passwordFile: null } }),
  ).toContain("the lab has no /srv/a.sock (management of vpn-a)");
});
