/** A valid topology with this many services and this many servers in each, for measurements. */
export function largeTopology(services: number, servers: number): string {
  const pool = (service: number): string =>
    Array.from({ length: servers }, (_, server) => {
      const number = 16 + service * servers + server;
      const address = `172.${16 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
      return `      - { name: s${server}, address: ${address}, port: 6653 }`;
    }).join("\n");
  const service = (index: number): string =>
    [
      `  - name: service-${index}`,
      `    listen: { virtual_ip: vip-${index % 8}, port: ${10_000 + index} }`,
      `    mode: ${index % 4 === 0 ? "nat" : "proxy"}`,
      `    health_check: { type: tcp, interval: 1s }`,
      `    servers:\n${pool(index)}`,
    ].join("\n");
  const virtualIp = (index: number): string =>
    `  - { name: vip-${index}, network: clients, address: 10.0.1.${100 + index} }`;
  return `cluster: large
networks:
  clients:    { cidr: 10.0.1.0/24, virtual_router_id: 51 }
  servers:    { cidr: 172.16.0.0/12, virtual_router_id: 52 }
  management: { cidr: 10.0.9.0/24 }
nodes:
  - name: lb-a
    interfaces:
      clients:    { device: eth1, address: 10.0.1.2 }
      servers:    { device: eth2, address: 172.31.0.2 }
      management: { device: eth3, address: 10.0.9.2 }
  - name: lb-b
    interfaces:
      clients:    { device: eth1, address: 10.0.1.3 }
      servers:    { device: eth2, address: 172.31.0.3 }
      management: { device: eth3, address: 10.0.9.3 }
failover: { profile: conservative }
virtual_ips:
${Array.from({ length: 8 }, (_, index) => virtualIp(index)).join("\n")}
  - { name: gateway, network: servers, address: 172.31.0.1 }
services:
${Array.from({ length: services }, (_, index) => service(index)).join("\n")}
`;
}
