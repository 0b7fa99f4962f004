import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Cluster } from "../../src/topology/cluster.js";
import { loadTopology } from "../../src/topology/load.js";

const text = readFileSync(fileURLToPath(new URL("../../examples/pair.yaml", import.meta.url)), "utf8");

const { cluster } = loadTopology(text);
if (cluster === null) throw new Error("examples/pair.yaml is not valid");

export const pair: Cluster = cluster;

/** The pair with one more controller, a `nat` service, another advert interval, a static route and an MTU. */
export const grown: Cluster = {
  ...pair,
  failover: { ...pair.failover, advertInterval: 200 },
  networks: pair.networks.map((network) =>
    network.name === "controllers" ? { ...network, mtu: 1400 } : network,
  ),
  routes: [
    {
      destination: { family: 4, address: "192.168.7.0", prefix: 24 },
      via: "10.0.1.254",
      network: "switches",
    },
  ],
  services: pair.services.flatMap((service) => [
    {
      ...service,
      servers: [
        ...service.servers,
        ...service.servers.slice(0, 1).map((server) => ({ ...server, name: "c9", address: "10.0.2.19" })),
      ],
    },
    { ...service, name: "netconf", mode: "nat" as const, listen: { ...service.listen, port: 830 } },
  ]),
};

/** The pair with other servers alone: one more, one less, one of another weight, one that moved. */
export const repooled: Cluster = {
  ...pair,
  services: pair.services.map((service) => {
    const [first, second, ...others] = service.servers;
    if (first === undefined || second === undefined) throw new Error("the pair has two servers at least");
    return {
      ...service,
      servers: [
        { ...first, weight: 7 },
        ...others.map((server) => ({ ...server, address: "10.0.2.77" })),
        { ...second, name: "c9", address: "10.0.2.19" },
      ],
    };
  }),
};

/** The pair with fewer rules than it renders now: no source NAT, no listener but one. */
export const plain: Cluster = { ...pair, nat: { destination: [], source: [] } };

/** The pair whose connection state takes one more network. */
export const relinked: Cluster = { ...pair, sync: { networks: [...pair.sync.networks, "controllers"] } };

/** The pair without a service or a translation: there is no session to keep. */
export const sessionless: Cluster = { ...pair, services: [], nat: { destination: [], source: [] } };

/** The pair with a master controller that has a part in its sessions, and this many of its controllers. */
export const inline = (servers = 3, port = 6653): Cluster => ({
  ...pair,
  services: pair.services.map((service) => ({
    ...service,
    servers: service.servers.slice(0, servers),
    mirror: {
      to: { name: "master", family: 4, address: "10.0.2.30", port },
      via: "inline",
      replies: "forward",
      writes: "forward",
      queue: 4_194_304,
    },
  })),
});
