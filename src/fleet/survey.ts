import type { Participant } from "../deploy/participant.js";
import type { Survey } from "../deploy/transaction.js";
import { messageOf, Refusal } from "./refusal.js";
import { seconds, within } from "./time-limit.js";

/** Milliseconds that a node is given to say how it stands. */
const patience = 2_000;

/** What every node says of itself, asked all at once. Throws a Refusal that names each node that does not answer, and why. */
export async function surveyAll(participants: readonly Participant[]): Promise<Survey[]> {
  const late = `no answer within ${seconds(patience)}`;
  const results = await Promise.allSettled(
    participants.map((participant) => within(patience, participant.survey(), late)),
  );
  const silent = results.flatMap((result, index) =>
    result.status === "rejected"
      ? [{ node: participants[index]?.node ?? "", why: messageOf(result.reason) }]
      : [],
  );
  if (silent.length > 0) throw new Refusal(unreachable(silent));
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

function unreachable(silent: readonly { readonly node: string; readonly why: string }[]): string {
  const who = silent.map(({ node, why }) => (why.startsWith(`${node}`) ? why : `${node}: ${why}`));
  const without = silent.map(({ node }) => `--without ${node}`).join(" ");
  return `${who.join("; ")}\nNothing was changed anywhere; '${without}' leaves ${silent.length === 1 ? "it" : "them"} out`;
}
