import { isIPv6 } from "node:net";
import type { MasterLink } from "../switch/master-link.js";
import { SendBuffers } from "../switch/send-buffers.js";
import { tcpTables } from "./tcp-tables.js";

/** Somebody's connection to the master controller at this address. */
export interface Watched {
  readonly address: string;
  readonly link: Pick<MasterLink, "isUnderway" | "look">;
}

/** What the system holds for master controllers: read once for all, and not at all where nothing is to be learned. */
export function lookAtBuffers(all: readonly Watched[]): void {
  const looking = all.filter(({ link }) => link.isUnderway);
  if (looking.length === 0) return;
  const families = new Set(looking.map(({ address }) => (isIPv6(address) ? 6 : 4)));
  const buffers = new SendBuffers(tcpTables(families));
  for (const { link } of looking) link.look(buffers);
}
