import type { Handlers } from "../agent/server/handlers.js";
import type { Member } from "./member.js";
import { told } from "./told.js";

/** The list of revocations is taken where certificates are (agent/tls-handlers.ts). */
type PeerRoute = Exclude<Extract<keyof Handlers, `peer${string}` | "yield">, "peerRevocations">;

/** The routes with which a peer reaches this node: RemoteMember asks them. */
export const memberHandlers = (own: Member): Pick<Handlers, PeerRoute> => ({
  peerSurvey: () => told(own.survey()),
  peerRender: async ({ body }) => {
    await told(own.render(body.topology));
    return { done: true };
  },
  peerPlan: async ({ body }) => ({ ...(await told(own.plan(body.topology, body.generation))) }),
  peerPrepare: async ({ body }) => {
    const { checked } = await told(own.prepare(body.proposal, body.topology));
    return { checked: [...checked] };
  },
  peerCommit: ({ body }) => told(own.commit(body.id)),
  peerGate: async ({ body }) => {
    const { endpoints } = await told(own.gate(body.id, body.last));
    return { endpoints: [...endpoints] };
  },
  peerTrial: ({ body }) => told(own.trial(body.id)),
  peerHear: ({ body }) => told(own.hear(body.id, body.words)),
  peerRecord: () => told(own.record()),
  peerGeneration: () => told(own.kept()),
  peerMaintenance: async ({ body }) => ({ notes: await told(own.meet(body.notes)) }),
  peerTakeOver: ({ body }) => told(own.takeOver(body)),
  yield: async ({ body }) => {
    await told(own.yieldFor(body.milliseconds));
    return { done: true };
  },
});
