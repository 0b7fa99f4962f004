import type { Cluster, HostAddress, Interface } from "../../src/topology/cluster.js";

const on = (address: string): HostAddress => ({ family: 4, address, prefix: 24 });
const cidr = (address: string) => ({ family: 4 as const, address, prefix: 24 });
const plugged = (network: string, device: string, address: string): Interface => ({
  network,
  device,
  addresses: [on(address)],
});

/** A pair between switches and three controllers, at 20 ms adverts. */
export const campus: Cluster = {
  name: "campus",
  networks: [
    { name: "switches", cidrs: [cidr("10.0.1.0")], virtualRouterId: 51, gateway: null, mtu: null },
    { name: "controllers", cidrs: [cidr("10.0.2.0")], virtualRouterId: 52, gateway: null, mtu: null },
  ],
  nodes: [
    {
      name: "lb-a",
      priority: 254,
      interfaces: [plugged("switches", "eth1", "10.0.1.2"), plugged("controllers", "eth2", "10.0.2.2")],
    },
    {
      name: "lb-b",
      priority: 253,
      interfaces: [plugged("switches", "eth1", "10.0.1.3"), plugged("controllers", "eth2", "10.0.2.3")],
    },
  ],
  routes: [],
  failover: {
    profile: "fast",
    advertInterval: 20,
    downAdverts: 3,
    preempt: false,
    preemptDelay: 10_000,
    witnesses: [],
  },
  sync: { networks: ["controllers"] },
  virtualIps: [
    { name: "controller-ip", network: "switches", addresses: [on("10.0.1.100")] },
    { name: "gateway", network: "controllers", addresses: [on("10.0.2.1")] },
  ],
  services: [
    {
      name: "openflow",
      listen: { virtualIp: "controller-ip", port: 6653 },
      mode: "proxy",
      balance: "source",
      transparent: false,
      healthCheck: {
        type: "openflow",
        interval: 1_000,
        timeout: 1_000,
        rise: 2,
        fall: 3,
        openflowVersions: ["1.3"],
        path: "/",
        expect: 200,
      },
      servers: ["10.0.2.11", "10.0.2.12", "10.0.2.13"].map((address, index) => ({
        name: `c${index + 1}`,
        family: 4,
        address,
        port: 6653,
        weight: 1,
        backup: false,
      })),
      mirror: null,
    },
  ],
  nat: { destination: [], source: [] },
  agent: { port: 7443, network: "controllers", heal: "report" },
  vpn: null,
  lab: { hosts: [] },
};
