import type { Cluster, Service } from "../topology/cluster.js";
import { virtualIpNamed } from "../topology/select.js";
import type { Greeting } from "./probe/arguments.js";

/** Where the switches of a service stand, and the address they were configured with. */
export interface Vantage {
  /** A machine of the lab. */
  readonly machine: string;
  readonly address: string;
  readonly port: number;
  readonly greeting: Greeting;
}

/** The lab's plain host in a network (its naming is part of the public interface). */
export const clientOn = (network: string): string => `client-${network}`;

const clientBehindRouter = "client-behind-router";

/** Where `service` is asked from: behind the router where there is one, at the captured address where there is one. */
export function vantageOf(cluster: Cluster, service: Service): Vantage {
  const { network, addresses } = virtualIpNamed(cluster, service.listen.virtualIp);
  const captured = cluster.nat.destination.find((rule) => rule.service === service.name);
  const routed = cluster.routes.some((route) => route.network === network);
  return {
    machine: routed ? clientBehindRouter : clientOn(network),
    address: captured?.address ?? addresses[0]?.address ?? "",
    port: captured?.port ?? service.listen.port,
    greeting: service.healthCheck.type === "openflow" ? "openflow" : "echo",
  };
}
