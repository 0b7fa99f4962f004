import type { Witness } from "../../topology/cluster.js";
import { type NetworkEvidence, within } from "./reachability.js";

/** One of the operator's witnesses, as this node sees it. */
export interface WitnessSight extends Witness {
  /** `unasked` proves nothing: the agent has just started, or fping does not run. */
  readonly sight: "answers" | "silent" | "unasked";
}

/** @param silence milliseconds without an answer that make a witness silent, if it is still being asked */
export function sightOf(
  { address, network }: Witness,
  { answered, asked }: Pick<NetworkEvidence, "answered" | "asked">,
  now: number,
  silence: number,
): WitnessSight {
  if (within(answered.get(address), now, silence)) return { address, network, sight: "answers" };
  return { address, network, sight: within(asked.get(address), now, silence) ? "silent" : "unasked" };
}
