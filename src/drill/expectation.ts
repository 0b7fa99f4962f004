import { allowance } from "./allowance.js";
import type { Expectation } from "./drill.js";

/** What every move of the virtual IPs to another node promises when it is over within `outage` milliseconds. */
export const oneMove = (outage: number): Expectation => ({
  addressOutageAtMost: outage,
  serviceOutageAtMost: outage + allowance.greeting,
  ownerChanges: 1,
  twoOwnersAtMost: 0,
  // a proxy's session ends with the node that carries it
  sessionsLostAtMost: null,
  sessionsBackWithin: outage + allowance.greeting + allowance.reconnect,
});
