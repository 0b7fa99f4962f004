import type { Claims } from "../../vpn/claims.js";
import { Clients } from "../../vpn/clients.js";
import { Conditions } from "../../vpn/conditions.js";
import type { HeldClient } from "./report-of.js";

/** Who is here, what is wrong, and what servers told each other: as true as it was where a topology takes the place of another. */
export interface VpnMemory {
  readonly clients: Clients;
  readonly conditions: Conditions;
  /** Own clients that have a route, since when; by destination. */
  readonly held: Map<string, HeldClient>;
  /** Null before the first start. */
  claims: Claims | null;
}

export const nothingYet = (): VpnMemory => ({
  clients: new Clients(),
  conditions: new Conditions(),
  held: new Map(),
  claims: null,
});
