import { randomInt } from "node:crypto";
import type { Host } from "../../host/host.js";
import { bareAck, type Flow } from "./segment.js";
import { sendPackets } from "./send-packets.js";

/** Sequence numbers are below this (RFC 9293, 3.4). */
const sequences = 2 ** 32;

/**
 * Asks the holder of each flow's far end for its true numbers, as if its near end had lost track: whoever has no session
 * to which the answer belongs, the kernel or a rule of this node (render/filter-chains.ts), resets it. Resolves to how
 * many were asked.
 *
 * @param most how many flows there are at most
 */
export const tell = (
  host: Pick<Host, "run">,
  flows: Iterable<Flow> | AsyncIterable<Flow>,
  most: number,
): Promise<number> => sendPackets(host, questions(flows), most);

async function* questions(flows: Iterable<Flow> | AsyncIterable<Flow>): AsyncGenerator<Buffer> {
  for await (const flow of flows) yield bareAck(flow, randomInt(sequences));
}
