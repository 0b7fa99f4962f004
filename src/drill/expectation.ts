import type { EventKind } from "../api/event.js";
import type { Cluster } from "../topology/cluster.js";
import { handover } from "../topology/timing.js";
import { allowance } from "./allowance.js";
import type { Alarm, Drill, Expectation, Promised, Recovery } from "./drill.js";
import type { Situation } from "./situation.js";

/** What every move of the virtual IPs to another node promises when it is over within `outage` milliseconds. */
export function oneMove(cluster: Cluster, outage: number): Expectation {
  const translated = cluster.services[0]?.mode === "nat";
  return {
    addressOutageAtMost: outage,
    serviceOutageAtMost: outage + allowance.greeting,
    ownerChanges: 1,
    twoOwnersAtMost: 0,
    // A session ends with the HAProxy that carries it; one that the kernel translates has its copy on the standby.
    sessionsLostAtMost: translated ? 0 : null,
    sessionsBackWithin:
      outage + allowance.greeting + allowance.reconnect + (translated ? allowance.lostRequest : 0),
    told: [],
  };
}

/** What a fault promises that is no reason to move anything. */
export const noMove: Expectation = {
  addressOutageAtMost: allowance.noise,
  serviceOutageAtMost: allowance.noise + allowance.greeting,
  ownerChanges: 0,
  twoOwnersAtMost: 0,
  sessionsLostAtMost: 0,
  sessionsBackWithin: allowance.noise,
  told: [],
};

/** Who was broken comes back and is not noticed, unless the preferred node takes the virtual IPs home. */
export function wayBack(cluster: Cluster): Recovery {
  const { preempt } = cluster.failover;
  const most = preempt ? oneMove(cluster, handover(cluster) + allowance.takeover) : noMove;
  return {
    addressOutageAtMost: most.addressOutageAtMost + allowance.startsBeside,
    serviceOutageAtMost: most.serviceOutageAtMost + allowance.startsBeside,
    twoOwnersAtMost: most.twoOwnersAtMost,
    movesAtMost: preempt ? 1 : 0,
  };
}

/** What a drill promises in a situation, from the fault until all is as before. */
export const promiseOf = (drill: Drill, cluster: Cluster, situation: Situation): Promised => ({
  ...drill.expect(cluster, situation),
  recovery: (drill.wayBack ?? wayBack)(cluster),
});

/** What packets lost at random on a link promise: TCP repeats them, and VRRP hears adverts on the other networks still. */
export const lossy = (lasts: number): Expectation => ({
  ...noMove,
  addressOutageAtMost: allowance.lossyProbe,
  serviceOutageAtMost: allowance.lostRequest + allowance.greeting,
  // Whether TCP repeats in time is a session's own patience.
  sessionsLostAtMost: null,
  // One that has waited throughout repeats only after as long again (RFC 6298, 5.5), unless its patience ends before.
  sessionsBackWithin: lasts + Math.min(lasts, allowance.patience) + allowance.greeting + allowance.reconnect,
});

/** The same where a session gives up and connects again while the fault lasts: what it asks then is lost, and TCP repeats it (RFC 6298, 2.1). */
export const throughLoss = (expected: Expectation): Expectation => ({
  ...expected,
  sessionsBackWithin: expected.sessionsBackWithin + allowance.lostRequest,
});

/** The same, and that an agent tells of it. */
export const telling = (expected: Expectation, kind: EventKind, says: string): Expectation => ({
  ...expected,
  told: [...expected.told, { kind, says }],
});

/** Whether HAProxy carries sessions, and not only checks servers. */
export const carriesSessions = ({ services }: Cluster): boolean =>
  services.some(({ mode }) => mode === "proxy");

/** What the end of the active node's HAProxy promises, however it came about. */
export const haproxyGone = (cluster: Cluster): Expectation =>
  carriesSessions(cluster)
    ? telling(
        oneMove(cluster, handover(cluster) + allowance.notice + allowance.takeover),
        "fault",
        "haproxy-gone raised",
      )
    : telling(noMove, "server", "nobody checks the servers");

/** What is told as a server of the first service no longer serves; that it is back is another event. */
export const downAlarm = ({ services }: Cluster, server: string): Alarm => ({
  kind: "server",
  says: `${server} of ${services[0]?.name ?? ""} is down`,
  begins: true,
});
