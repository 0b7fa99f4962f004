import type { Cluster, Server, Service } from "../topology/cluster.js";
import type { Listener } from "./layout-plan.js";

/** A machine for each server address; services that share an address share the machine. */
export interface ServerMachine {
  readonly address: string;
  /** The first is the machine's own name, the others are aliases. */
  readonly names: readonly string[];
  readonly listeners: readonly Listener[];
}

export function serverMachines(cluster: Cluster): ServerMachine[] {
  const pool = cluster.services.flatMap((service) => service.servers.map((server) => ({ service, server })));
  const addresses = [...new Set(pool.map(({ server }) => server.address))];
  return addresses.map((address) => {
    const members = pool.filter(({ server }) => server.address === address);
    return {
      address,
      names: [...new Set(members.map(({ service, server }) => nameOf(cluster, service, server)))],
      listeners: listeners(members.map(({ service, server }) => listener(service, server))),
    };
  });
}

/** A server name that stands for several addresses gets its service as prefix. */
function nameOf(cluster: Cluster, service: Service, server: Server): string {
  const namesakes = cluster.services.flatMap(({ servers }) =>
    servers.filter(({ name }) => name === server.name),
  );
  return namesakes.some(({ address }) => address !== server.address)
    ? `${service.name}-${server.name}`
    : server.name;
}

const listener = ({ healthCheck: { type, expect } }: Service, { port }: Server): Listener => ({
  kind: type,
  port,
  status: expect,
});

/** One program a port: the first service that names it decides what answers there. */
const listeners = (wanted: readonly Listener[]): Listener[] =>
  wanted.filter((one, index) => wanted.findIndex(({ port }) => port === one.port) === index);
