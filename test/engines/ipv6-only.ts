import type { Cluster } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";

/** One network, IPv6 alone: adverts are IPv6 too, and there is no sync group. */
const text = `
cluster: six
networks: { access: { cidr: "2001:db8:1::/64" } }
nodes:
  - { name: lb-a, interfaces: { access: { device: eth1, address: "2001:db8:1::2" } } }
  - { name: lb-b, interfaces: { access: { device: eth1, address: "2001:db8:1::3" } } }
failover: { profile: balanced }
virtual_ips:
  - { name: first, network: access, address: "2001:db8:1::100" }
  - { name: second, network: access, address: "2001:db8:1::101" }
services:
  - name: web
    listen: { virtual_ip: first, port: 80 }
    mode: proxy
    health_check: { type: tcp }
    servers: [{ name: w1, address: "2001:db8:1::11", port: 80 }]
`;

export function ipv6Only(): Cluster {
  const { cluster, problems } = loadTopology(text);
  if (cluster === null) throw new Error(problems.map(({ message }) => message).join("\n"));
  return cluster;
}
