import type { VrrpState } from "../../observe/state.js";
import type { Cluster, Node } from "../../topology/cluster.js";
import { interfaceOn, virtualIpsOn } from "../../topology/select.js";
import type { WitnessSight } from "../networks/witness-sight.js";
import type { Fault } from "./faults.js";

/** What the watchers know at one moment. `unknown` is no fault: the agent may be the first to start. */
export interface Facts {
  readonly keepalived: "up" | "gone" | "unknown";
  readonly haproxy: "up" | "gone" | "unknown";
  /** keepalived's role by network. */
  readonly roles: ReadonlyMap<string, VrrpState>;
  /** Every address on an interface that is up and has carrier. */
  readonly present: ReadonlySet<string>;
  /** Networks dead for this node alone, and what proves it. */
  readonly deadNetworks: ReadonlyMap<string, string>;
  /** How the operator's witnesses stand; empty where he named none, or none is needed. */
  readonly witnesses: readonly WitnessSight[];
  readonly rulesMissing: boolean;
  /** Networks on which a virtual IP of this node does not answer at some service's port although HAProxy runs. */
  readonly silent: ReadonlySet<string>;
  /** Networks that somebody owns too who comes first, or would again (contested.ts). */
  readonly contested: ReadonlySet<string>;
  /** Those who come first and say that they own a network, by network. */
  readonly rivals: ReadonlyMap<string, string>;
  /** Behind its peers, or in doubt about a change. */
  readonly unsettled: boolean;
  /** It does not hold yet the sessions of the active node. */
  readonly unsynced: boolean;
  /** An operator took it out of service. */
  readonly maintenance: boolean;
}

/** The faults of a node, from the facts alone. */
export function ownFaults(cluster: Cluster, node: Node, serving: readonly string[], facts: Facts): Fault[] {
  const whole = (kind: Fault["kind"], present: boolean): Fault[] => (present ? [{ kind, network: "" }] : []);
  const onNetworks = (kind: Fault["kind"], networks: readonly string[]): Fault[] =>
    networks.map((network) => ({ kind, network }));
  const isDown = (network: string) => {
    const own = interfaceOn(node, network)?.addresses ?? [];
    return own.length > 0 && !own.some(({ address }) => facts.present.has(address));
  };
  const virtual = (network: string) =>
    virtualIpsOn(cluster, network).flatMap(({ addresses }) => addresses.map(({ address }) => address));
  const lacksAddress = (network: string) =>
    facts.roles.get(network) === "master" && virtual(network).some((address) => !facts.present.has(address));
  const leftBehind = (network: string) =>
    isElsewhere(facts.roles.get(network)) && virtual(network).some((address) => facts.present.has(address));
  // Over an interface that is down nobody can be asked.
  const isSilent = ({ network, sight }: WitnessSight) =>
    sight === "silent" || (sight === "unasked" && isDown(network));
  return [
    ...whole("no-witness", facts.witnesses.length > 0 && facts.witnesses.every(isSilent)),
    ...whole("keepalived-gone", facts.keepalived === "gone"),
    ...onNetworks("interface-down", serving.filter(isDown)),
    ...onNetworks(
      "network-dead",
      serving.filter((network) => facts.deadNetworks.has(network) && !isDown(network)),
    ),
    ...onNetworks(
      "address-missing",
      serving.filter((network) => lacksAddress(network) && !isDown(network)),
    ),
    ...onNetworks("address-stray", serving.filter(leftBehind)),
    ...whole("haproxy-gone", facts.haproxy === "gone"),
    ...onNetworks(
      "service-silent",
      serving.filter((network) => facts.silent.has(network) && facts.haproxy === "up" && !isDown(network)),
    ),
    ...whole("rules-missing", facts.rulesMissing),
    ...onNetworks("second-owner", [...facts.contested]),
    ...whole("unsettled", facts.unsettled),
    ...whole("unsynced", facts.unsynced),
    ...whole("maintenance", facts.maintenance),
  ];
}

/** keepalived itself says that the virtual IPs are not its own. */
const isElsewhere = (role: VrrpState | undefined): boolean => role === "backup" || role === "fault";
