import { ApiError, elsewhere } from "../../api/api-error.js";
import { memberHandlers } from "../../fleet/member-handlers.js";
import type { Office } from "../../fleet/office.js";
import { officeHandlers } from "../../fleet/office-handlers.js";
import { strangerRefusal } from "../../fleet/peer-rights.js";
import type { Host } from "../../host/host.js";
import type { Cluster } from "../../topology/cluster.js";
import type { CalibrationDesk } from "../calibration/calibration-desk.js";
import type { EventLog } from "../events/log.js";
import type { Other } from "../live/other-events.js";
import type { MirrorKeeper } from "../mirror/mirror-keeper.js";
import type { PreflightDesk } from "../preflight/preflight-desk.js";
import { type Caller, callerName } from "../server/caller.js";
import type { Handlers } from "../server/handlers.js";
import { probeHandlers } from "../server/probes.js";
import { tlsHandlers } from "../tls-handlers.js";
import type { TlsIdentity } from "../tls-identity.js";
import { checkHandlers } from "./check-handlers.js";
import type { DrillBook } from "./drill-book.js";
import { drillEvent } from "./drill-event.js";
import { historyHandlers } from "./history-handlers.js";
import type { liveHandlers } from "./live.js";
import type { OwnNode } from "./own-node.js";
import type { Views } from "./views.js";
import type { VpnRunning } from "./vpn-running.js";

export interface HandlerParts {
  readonly node: string;
  readonly host: Host;
  readonly own: OwnNode;
  readonly inMaintenance: () => boolean;
  /** What runs here; null before the first topology. */
  readonly cluster: () => Cluster | null;
  readonly office: Office;
  /** Every other machine of the cluster. */
  readonly others: () => readonly Other[];
  readonly events: EventLog;
  readonly drills: DrillBook;
  readonly identity: TlsIdentity;
  readonly views: Views;
  readonly calibration: CalibrationDesk;
  readonly preflight: PreflightDesk;
  readonly mirrors: MirrorKeeper;
  /** Null where this machine is no VPN server. */
  readonly vpn: () => VpnRunning | null;
  /** What pages are shown. */
  readonly live: ReturnType<typeof liveHandlers>;
}

/** Each route of the table, and who answers it. */
export const handlersOf = (parts: HandlerParts): Handlers => ({
  ...probeHandlers(() => parts.views.readiness()),
  ...memberHandlers(parts.own, parts.cluster),
  ...officeHandlers(parts.office),
  ...tlsHandlers(parts.identity),
  ...viewHandlers(parts),
  ...checkHandlers(parts),
  ...historyHandlers(parts),
  ...eventHandlers(parts),
  calibrate: ({ body, signal }) => parts.calibration.measure(body, signal),
  ...preflightHandlers(parts),
  ...mirrorHandlers(parts),
  ...vpnHandlers(parts),
  ...parts.live,
});

const preflightHandlers = ({ node, preflight, cluster }: HandlerParts) =>
  ({
    preflight: ({ body }) => preflight.all(body.topology),
    peerPreflight: ({ body, caller }) => {
      refuseStrangers(caller, node, cluster());
      return preflight.own(body.topology);
    },
  }) satisfies Partial<Handlers>;

const mirrorHandlers = ({ node, mirrors, cluster }: HandlerParts) =>
  ({
    peerStreams: ({ body, caller }) => {
      refuseStrangers(caller, node, cluster());
      return mirrors.hear(callerName(caller), body);
    },
  }) satisfies Partial<Handlers>;

const vpnHandlers = ({ node, vpn, cluster }: HandlerParts) =>
  ({
    peerVpnClaims: ({ body, caller }) => {
      refuseStrangers(caller, node, cluster());
      const running = vpn();
      if (running === null) throw new ApiError(409, `${node} is no VPN server`);
      return running.keeper.hear(callerName(caller), body);
    },
  }) satisfies Partial<Handlers>;

function refuseStrangers(caller: Caller, node: string, cluster: Cluster | null): void {
  const why = caller.kind === "root" ? null : strangerRefusal(callerName(caller), node, cluster);
  if (why !== null) throw new ApiError(403, why, elsewhere);
}

const viewHandlers = ({ node, views }: HandlerParts) =>
  ({
    metrics: () => views.metrics(),
    state: async () => ({ ...(await views.state()) }),
    node: async () => ({ ...(await views.node()) }),
    status: async () => ({ ...(await views.status()) }),
    drift: () => ({ node, items: views.drift() }),
  }) satisfies Partial<Handlers>;

const eventHandlers = ({ node, events, drills }: HandlerParts) =>
  ({
    events: async ({ query: { after, last, limit } }) => {
      const from = last ? Math.max(after, events.last - limit) : after;
      return { node, events: await events.read({ after: from, limit }) };
    },
    drill: async ({ body, caller }) => {
      await drills.note(drillEvent(body, callerName(caller)));
      return { done: true as const };
    },
    follow: ({ after, signal }) => withIds(events.follow(after ?? events.last, signal)),
  }) satisfies Partial<Handlers>;

async function* withIds(events: ReturnType<EventLog["follow"]>) {
  for await (const event of events) yield { id: event.sequence, data: event };
}
