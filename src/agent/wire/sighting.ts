import type { WireEvent } from "../../drill/wire.js";

/** Something on the wire that tells who owns a virtual IP. `at` is milliseconds since the epoch, as the kernel stamped it. */
export type Sighting = Claim | Traffic;

/** An advert, an announcement or an answer, and whether it was this node's own. */
export type Claim = WireEvent & {
  readonly outgoing: boolean;
  /** What an advert announces; the address in question otherwise. */
  readonly addresses: readonly string[];
};

/** A segment or an echo reply that left this node from one of the addresses: it serves. */
export interface Traffic {
  readonly kind: "traffic";
  readonly at: number;
  readonly outgoing: true;
  readonly addresses: readonly string[];
}
