import type { Cluster, DestinationNat, Family, Node } from "../topology/cluster.js";
import { allServers, bucketChain, chainOf, familiesOf } from "./bucket-chain.js";
import { byName } from "./by-name.js";
import { type Chain, host, prefix, type Rule, toPort } from "./chains.js";
import { devicesOf } from "./devices.js";
import { endpoint } from "./haproxy.js";

/** Destination NAT for `nat` services and captured addresses, source NAT for what leaves. */
export function natChains(cluster: Cluster, node: Node, family: Family): Chain[] {
  const spread = cluster.services.filter(
    (service) => service.mode === "nat" && familiesOf(cluster, service).includes(family),
  );
  return [
    {
      name: `${prefix}PREROUTING`,
      rules: [...listening(cluster, family), ...captured(cluster, node, family)],
    },
    { name: `${prefix}POSTROUTING`, rules: leaving(cluster, node, family) },
    ...spread.map((service) => bucketChain(cluster, service, family, allServers(service))),
  ];
}

/** What reaches a `nat` service at its own address. */
function listening(cluster: Cluster, family: Family): Rule[] {
  const virtualIp = byName("virtual IP", cluster.virtualIps);
  return cluster.services
    .filter(({ mode }) => mode === "nat")
    .flatMap(({ name, listen }) =>
      virtualIp(listen.virtualIp)
        .addresses.filter((address) => address.family === family)
        .map(({ address }) => ["-d", host(address), ...toPort(listen.port), "-j", chainOf(name)]),
    );
}

/** What reaches a service at an address that is not announced: only as it comes in, so its real owner keeps it elsewhere. */
function captured(cluster: Cluster, node: Node, family: Family): Rule[] {
  const device = devicesOf(node);
  const service = byName("service", cluster.services);
  const virtualIp = byName("virtual IP", cluster.virtualIps);
  const target = (rule: DestinationNat): Rule => {
    const { name, mode, listen } = service(rule.service);
    const own = virtualIp(listen.virtualIp).addresses.find((address) => address.family === family);
    if (own === undefined) throw new Error(`service ${name} does not listen in IPv${family}`);
    if (mode === "nat") return ["-j", chainOf(name)];
    return ["-j", "DNAT", "--to-destination", endpoint({ ...own, port: listen.port })];
  };
  return cluster.nat.destination
    .filter((rule) => rule.family === family)
    .map((rule) => [
      "-d",
      host(rule.address),
      "-i",
      device(rule.inbound),
      ...toPort(rule.port),
      ...target(rule),
    ]);
}

/** The node's own packets keep their address: adverts and checks must come from where they are expected. */
function leaving(cluster: Cluster, node: Node, family: Family): Rule[] {
  const device = devicesOf(node);
  const rules = cluster.nat.source.flatMap(({ from, outbound, translateTo }) => {
    const to = translateTo.find((address) => address.family === family);
    if (to === undefined) return [];
    return from
      .filter((cidr) => cidr.family === family)
      .map(
        ({ address, prefix: length }): Rule => [
          ...(length === 0 ? [] : ["-s", `${address}/${length}`]),
          ...["-o", device(outbound), "-j", "SNAT", "--to-source", to.address],
        ],
      );
  });
  return rules.length === 0 ? [] : [["-m", "addrtype", "--src-type", "LOCAL", "-j", "RETURN"], ...rules];
}
