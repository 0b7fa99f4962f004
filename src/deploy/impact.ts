import { hardStopAfter } from "../render/haproxy.js";
import { slowsAdvertsMuch } from "./adverts.js";
import type { Change } from "./change.js";
import { closedEntrances } from "./entrances.js";
import { leavingServers } from "./leaving-servers.js";
import { type Sessions, total } from "./sessions.js";
import type { ServiceName, Step } from "./steps.js";

/** Nothing at all, on a node through which no session passes. */
export const noImpact = "No session dropped, no reload, no role change.";

/** What the plan means for those who use the cluster, worst first. */
export function impactOf(steps: readonly Step[], changes: readonly Change[], sessions: Sessions): string[] {
  const does = (service: ServiceName, verb: "start" | "reload" | "restart"): boolean =>
    steps.some((step) => step.kind === verb && step.service === service);
  const moves = [
    ...(does("keepalived", "restart")
      ? ["keepalived restarts: the virtual IPs move if this node holds them."]
      : []),
    ...(does("keepalived", "reload") ? [keepalivedReload(changes)] : []),
    ...(does("keepalived", "start")
      ? ["keepalived starts: the node may take the virtual IPs from now on."]
      : []),
  ];
  const ends = does("haproxy", "restart") || does("haproxy", "reload");
  const starts = does("haproxy", "start");
  const leaving = leavers(changes);
  const multiplexed = does("holdfast-multiplexer", "reload")
    ? [
        "The multiplexer reads its file again: sessions end and must reconnect whose server, or whose service's master controller, changed there or left.",
      ]
    : [];
  const othersEnd = leaving.length + multiplexed.length > 0;
  return [
    ...(does("haproxy", "restart") ? [ended("HAProxy restarts", "at once", sessions)] : []),
    ...(does("haproxy", "reload")
      ? [ended("HAProxy reloads", `with the old worker within ${hardStopAfter} s`, sessions)]
      : []),
    ...(does("conntrackd", "restart")
      ? ["conntrackd restarts: no session ends, and the nodes exchange what they hold anew."]
      : []),
    ...multiplexed,
    ...closed(changes, sessions),
    ...leaving,
    ...(starts ? ["HAProxy starts: its services answer from now on."] : []),
    ...(ends || starts
      ? []
      : [untouched(total(sessions), moves.length + multiplexed.length === 0, othersEnd)]),
    ...moves,
  ];
}

function ended(what: string, when: string, { proxied, counted }: Sessions): string {
  if (!counted)
    return `${what}: it does not say how many sessions it has; all end ${when} and must reconnect.`;
  const open = [...proxied].filter(([, count]) => count > 0);
  const count = open.reduce((sum, [, own]) => sum + own, 0);
  if (count === 0) return `${what}: no session is open.`;
  const each = open.map(([service, own]) => `${service} ${own}`).join(", ");
  return `${what}: ${sessionsText(count)} (${each}) ${count === 1 ? "ends" : "end"} ${when} and must reconnect.`;
}

function untouched(count: number, still: boolean, othersEnd: boolean): string {
  const rest = still ? ", no reload, no role change." : ".";
  if (othersEnd) return `No other session dropped${rest}`;
  return count === 0
    ? noImpact.replace(", no reload, no role change.", rest)
    : `0 of ${sessionsText(count)} dropped${rest}`;
}

/** A `nat` service's server that leaves takes its sessions with it: nobody would notice its death any more. */
const leavers = (changes: readonly Change[]): string[] =>
  [...leavingServers(changes)].map(
    ([service, endpoints]) =>
      `${service} no longer has ${endpoints.join(" and ")}: sessions there end and must reconnect (weight 0 lets a server drain first).`,
  );

const closed = (changes: readonly Change[], { proxied, translated }: Sessions): string[] =>
  [...closedEntrances(changes)].map(([service, endpoints]) => {
    const count = proxied.get(service) ?? translated.get(service) ?? 0;
    const whom = count === 0 ? "" : `, through which ${sessionsText(count)} may have come`;
    return `${service} no longer answers at ${endpoints.join(" and ")}${whom}.`;
  });

const sessionsText = (count: number): string => `${count} ${count === 1 ? "session" : "sessions"}`;

const keepalivedReload = (changes: readonly Change[]): string =>
  slowsAdvertsMuch(changes)
    ? "keepalived reloads with much slower adverts: the standby may take the virtual IPs for a moment."
    : "keepalived reloads: no role change.";
