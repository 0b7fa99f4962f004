import { type Caller, callerName } from "../agent/server/caller.js";
import type { Asked, Handlers } from "../agent/server/handlers.js";
import { ApiError, elsewhere } from "../api/api-error.js";
import type { Cluster } from "../topology/cluster.js";
import type { Member } from "./member.js";
import { proposalRefusal, stepRefusal, strangerRefusal, wordsRefusal } from "./peer-rights.js";
import { told } from "./told.js";

/** Those about certificates, a look around, mirrored streams and VPN clients are answered elsewhere: they are no part of a change. */
type PeerRoute = Exclude<
  Extract<keyof Handlers, `peer${string}` | "yield">,
  "peerRevocations" | "peerPreflight" | "peerStreams" | "peerVpnClaims"
>;

/**
 * The routes with which a peer reaches this node: RemoteMember asks them. That the asker is a node was looked at
 * before; here counts which.
 *
 * @param cluster what runs here; null before the first topology
 */
export function memberHandlers(own: Member, cluster: () => Cluster | null): Pick<Handlers, PeerRoute> {
  const known = (caller: Caller) =>
    refuse(caller, (asker) => strangerRefusal(asker, own.node, cluster()), elsewhere);
  const step = async ({ caller, body }: Pick<Asked<"peerTrial">, "caller" | "body">) => {
    const record = await own.record();
    refuse(caller, (asker) => stepRefusal(asker, body.id, record));
  };
  return {
    peerSurvey: () => told(own.survey()),
    peerRender: async ({ body }) => {
      await told(own.render(body.topology));
      return { done: true };
    },
    peerPlan: async ({ caller, body }) => {
      known(caller);
      return { ...(await told(own.plan(body.topology, body.generation))) };
    },
    peerPrepare: async ({ caller, body: { proposal, topology } }) => {
      refuse(caller, (asker) => proposalRefusal(asker, own.node, proposal));
      known(caller);
      const { checked } = await told(own.prepare(proposal, topology));
      return { checked: [...checked] };
    },
    peerCommit: async (asked) => {
      await step(asked);
      return told(own.commit(asked.body.id));
    },
    peerGate: async (asked) => {
      await step(asked);
      const { endpoints } = await told(own.gate(asked.body.id, asked.body.last));
      return { endpoints: [...endpoints] };
    },
    peerTrial: async (asked) => {
      await step(asked);
      return told(own.trial(asked.body.id));
    },
    peerHear: async ({ caller, body }) => {
      const record = await own.record();
      refuse(caller, (asker) => wordsRefusal(asker, body, record));
      return told(own.hear(body.id, body.words));
    },
    peerRecord: () => told(own.record()),
    peerGeneration: () => told(own.kept()),
    peerMaintenance: async ({ caller, body }) => {
      known(caller);
      return { notes: await told(own.meet(body.notes)) };
    },
    peerTakeOver: ({ caller, body }) => {
      known(caller);
      return told(own.takeOver(body));
    },
    yield: async ({ caller, body }) => {
      known(caller);
      await told(own.yieldFor(body.milliseconds));
      return { done: true };
    },
  };
}

/** Root of this node can read its key, and so is this node whatever it says. */
function refuse(
  caller: Caller,
  refusal: (asker: string) => string | null,
  details?: ApiError["details"],
): void {
  const why = caller.kind === "root" ? null : refusal(callerName(caller));
  if (why !== null) throw new ApiError(403, why, details);
}
