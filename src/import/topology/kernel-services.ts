import type { Tell } from "../finding.js";
import type { Pool } from "../haproxy/proxy.js";
import { distinctNames } from "../names.js";
import type { ImportedService } from "./imported.js";
import { type Surroundings, serviceOf } from "./services.js";
import { poolOf, type Spread } from "./spread.js";

/** Services of mode nat. What HAProxy checks without listening is what the kernel's rules lead to. */
export function kernelServices(
  spreads: readonly Spread[],
  proxied: readonly ImportedService[],
  pools: readonly Pool[],
  around: Surroundings,
  tell: Tell,
): { readonly services: readonly ImportedService[]; readonly checkers: ReadonlySet<Pool> } {
  const called = distinctNames(proxied.map(({ name }) => name));
  const services: ImportedService[] = [];
  const checkers = new Set<Pool>();
  for (const { first, targets, share } of spreads) {
    const virtualIp = around.virtualIps.find(({ addresses }) => addresses.includes(first.address.text));
    if (virtualIp === undefined) continue;
    const place = { virtualIp: virtualIp.name, port: first.port };
    const isHere = (each: ImportedService): boolean =>
      each.virtualIp === place.virtualIp && each.port === place.port;
    const checker = poolOf(targets, pools);
    // The other family of a service that was made already.
    if (checker !== undefined && checkers.has(checker) && services.some(isHere)) continue;
    if ([...proxied, ...services].some(isHere)) {
      const cure = "see which of them the clients reach";
      tell(first, "lost", first.text, "a service listens there already", cure);
      continue;
    }
    if (checker !== undefined) checkers.add(checker);
    const service = checker
      ? serviceOf(checker, { ...place, name: called(checker.name, "service") }, around, tell, [])
      : unchecked(called(`nat-${first.port}`, "nat"), place, targets);
    const families = new Set(virtualIp.addresses.map(isIpv6));
    services.push({
      ...service,
      mode: "nat",
      transparent: false,
      balance: share === "turns" ? "roundrobin" : "source",
      servers: service.servers.filter(({ address }) => families.has(isIpv6(address))),
    });
  }
  return { services, checkers };
}

const isIpv6 = (address: string): boolean => address.includes(":");

const unchecked = (
  name: string,
  place: Pick<ImportedService, "virtualIp" | "port">,
  targets: readonly string[],
): ImportedService => ({
  ...{ name, ...place, mode: "nat", balance: "source", transparent: false, check: null },
  servers: targets.map((target, index) => {
    const [address = "", port = ""] = target.split(" ");
    return { name: `server-${index + 1}`, address, port: Number(port), weight: 1, backup: false };
  }),
  remarks: ["no file names these servers or says how to check them: by a TCP connection"],
});
