import type { Cluster } from "../../topology/cluster.js";
import type { Happening } from "../events/log.js";

/**
 * Where HAProxy only checks the servers of `nat` services, its loss is no fault for some seconds: a restart is no reason to
 * move anything. Yet a server that dies meanwhile is chosen by new sessions, and that is told at once. Null where it is
 * a fault at once.
 */
export function haproxyEvent({ services }: Cluster, answers: boolean): Happening | null {
  if (services.length === 0 || services.some(({ mode }) => mode === "proxy")) return null;
  const text = answers
    ? "HAProxy answers again: the servers of nat services are checked"
    : "HAProxy does not answer: nobody checks the servers of nat services";
  return { kind: "server", text, details: { checked: answers } };
}
