import type { Cluster, Node } from "../../topology/cluster.js";
import { deadPathFoundWithin, restartPatience } from "../allowance.js";
import { agentKill } from "../catalogue/agent-kill.js";
import { arpSuppressed } from "../catalogue/arp-suppressed.js";
import { conntrackdKill } from "../catalogue/conntrackd-kill.js";
import { cpuStarvation } from "../catalogue/cpu-starvation.js";
import { fileCorrupt } from "../catalogue/file-corrupt.js";
import { fileEdited } from "../catalogue/file-edited.js";
import { haproxyCrash } from "../catalogue/haproxy-crash.js";
import { haproxyFreeze } from "../catalogue/haproxy-freeze.js";
import { haproxyReload } from "../catalogue/haproxy-reload.js";
import { haproxyStop } from "../catalogue/haproxy-stop.js";
import { keepalivedFreeze } from "../catalogue/keepalived-freeze.js";
import { keepalivedKill } from "../catalogue/keepalived-kill.js";
import { keepalivedStop } from "../catalogue/keepalived-stop.js";
import { nodeFreeze } from "../catalogue/node-freeze.js";
import { powerLoss } from "../catalogue/power-loss.js";
import { ruleDeleted } from "../catalogue/rule-deleted.js";
import { ruleForeign } from "../catalogue/rule-foreign.js";
import type { Drill } from "../drill.js";
import { carriesSessions, noMove } from "../expectation.js";
import { readOnly, refusing } from "../fault/refusing.js";
import { signal } from "../fault/signal.js";
import type { Blow } from "./blow.js";
import { leaves } from "./leaves.js";
import { blowOf, type Priced, priced, type Words } from "./priced.js";
import { struckNode } from "./situations.js";

/** Milliseconds: a node boots and its agent has caught up; daemons take less. */
const recovery = { power: 15_000, daemon: 6_000 };

/** Milliseconds in which an agent that was killed runs again, and has looked at everything. */
export const witsBackWithin = 8_000;

/** What can be done to a node itself. */
export function nodeBlows(cluster: Cluster, { name: on, interfaces }: Node): Blow[] {
  const situation = struckNode(cluster, on);
  const words = (more: Partial<Words> = {}): Words => ({
    ...{ strikes: "node", on: [on], recovery: recovery.daemon },
    ...more,
  });
  const asDrilled = (drill: Drill, more: Partial<Words> = {}): Blow =>
    blowOf(priced(drill, cluster, situation), situation, words(more));
  const other = (of: Omit<Priced, "lasts">, more: Partial<Words> = {}): Blow =>
    blowOf({ ...of, lasts: 0 }, situation, words(more));
  const of = (daemon: string) => ({ claims: [`${daemon} on ${on}`] });
  // Its ports come and go with its power, and with them what is said of them.
  const links = { claims: interfaces.map(({ network }) => `path ${on} ${network}`), whole: true };
  const muffled = { ...links, claims: [...links.claims, "announcements"] };
  const haproxyFiles = { claims: [`/etc/haproxy on ${on}`] };
  return [
    asDrilled(powerLoss, { ...links, recovery: recovery.power, unaided: true }),
    asDrilled(arpSuppressed, { ...muffled, recovery: recovery.power, grows: ["address", "service"] }),
    asDrilled(nodeFreeze, { whole: true, unaided: true }),
    ...[keepalivedKill, keepalivedStop, keepalivedFreeze].map((each) => asDrilled(each, of("keepalived"))),
    // Whoever starts it anew meanwhile would have it read that.
    asDrilled(fileCorrupt, of("keepalived")),
    ...[haproxyCrash, haproxyStop, haproxyReload].map((each) => asDrilled(each, of("haproxy"))),
    frozenHaproxy(cluster, asDrilled(haproxyFreeze, of("haproxy"))),
    asDrilled(conntrackdKill, of("conntrackd")),
    other({ fault: signal("active", "conntrackd", "SIGSTOP"), expected: noMove }, of("conntrackd")),
    asDrilled(agentKill, { ...of("agent"), recovery: witsBackWithin, wits: witsBackWithin }),
    other(
      { fault: signal("active", "holdfast-agent", "SIGSTOP"), expected: noMove },
      { ...of("agent"), wits: deadPathFoundWithin, grows: ["wits"] },
    ),
    // A judgement that comes late is left out.
    asDrilled(cpuStarvation, { wits: cpuStarvation.watch(cluster) }),
    asDrilled(ruleForeign),
    asDrilled(ruleDeleted),
    asDrilled(fileEdited, haproxyFiles),
    other({ fault: refusing("active", readOnly("/etc/haproxy")), expected: noMove }, haproxyFiles),
  ];
}

/** Where it only checks servers, the virtual IPs leave it only when it stood still for longer than a restart takes. */
function frozenHaproxy(cluster: Cluster, blow: Blow): Blow {
  if (carriesSessions(cluster)) return blow;
  const { addressOutageAtMost: address, serviceOutageAtMost: service } = leaves(cluster, 0);
  return {
    ...{ ...blow, spares: false },
    costs: (lasted) => ({ ...blow.costs(lasted), ...(lasted < restartPatience ? {} : { address, service }) }),
  };
}
