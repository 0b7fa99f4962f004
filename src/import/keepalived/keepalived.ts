import type { Ip, Prefix } from "../../topology/address.js";
import type { Standing } from "../address.js";
import type { Place } from "../finding.js";

/** A virtual IP as a keepalived file has it. */
export interface WrittenVirtualIp extends Standing, Place {
  readonly device: string | null;
}

/** One vrrp_instance; null is what the file leaves to keepalived. */
export interface Instance extends Place {
  readonly name: string;
  readonly device: string | null;
  readonly isMaster: boolean;
  readonly virtualRouterId: number | null;
  readonly priority: number;
  /** Milliseconds. */
  readonly advertInterval: number;
  readonly downAdverts: number | null;
  readonly preempt: boolean;
  /** Milliseconds. */
  readonly preemptDelay: number | null;
  readonly source: Ip | null;
  readonly peers: readonly Ip[];
  readonly virtualIps: readonly WrittenVirtualIp[];
}

/** An address of the node itself. */
export interface OwnAddress extends Standing, Place {
  readonly device: string;
}

/** Instances that move together. */
export interface SyncGroup extends Place {
  readonly name: string;
  readonly members: readonly string[];
}

export interface WrittenRoute extends Place {
  readonly destination: Prefix;
  readonly via: Ip;
}

/** What one node's keepalived file says, as far as a topology can. */
export interface KeepalivedFile {
  readonly file: string;
  readonly routerId: string | null;
  readonly groups: readonly SyncGroup[];
  readonly instances: readonly Instance[];
  /** Whether the file asks for VRRPv3; without a word keepalived speaks VRRPv2. */
  readonly isVersion3: boolean;
  readonly ownAddresses: readonly OwnAddress[];
  readonly routes: readonly WrittenRoute[];
}
