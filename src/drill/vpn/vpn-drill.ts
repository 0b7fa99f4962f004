/** What happens to VPN servers and their clients. Who they are is said only when the drill runs: see vpn-injection.ts. */
export type VpnFault =
  /** The server of most clients loses its power. */
  | { readonly kind: "power" }
  /** Nothing passes any more between two servers that have clients, or passes again. */
  | { readonly kind: "cut" | "heal" }
  /** Clients with a fixed address come to another server, without a goodbye to the one that they were on. */
  | { readonly kind: "roam"; readonly who: "one" | "all" }
  /** A server announces what it may not. */
  | { readonly kind: "lie" };

/** What clients may notice at most. Milliseconds. */
export interface VpnExpectation {
  /** The longest silence between two clients of which the fault struck one. */
  readonly struckSilentAtMost: number;
  /** The longest silence between any two others. */
  readonly othersSilentAtMost: number;
  /** From the fault until every server has exactly the routes that it should, and every client reaches exactly whom it should. */
  readonly rightWithin: number;
  /** Whether another server's agent has to say whose fault it is. */
  readonly told: boolean;
}

/** A fault with its promise. */
export interface VpnDrill {
  readonly name: string;
  /** One line for `drill list`. */
  readonly summary: string;
  /** What brings it about that no more is noticed: sentences for `drill explain`. */
  readonly why: string;
  readonly vpnFault: VpnFault;
  readonly expect: VpnExpectation;
  /** Milliseconds after which the drill has failed when not all is right. */
  readonly deadline: number;
  /** May be run in production: none of these. */
  readonly safe: false;
}
