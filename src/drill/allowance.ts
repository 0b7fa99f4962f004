import type { Cluster, Service } from "../topology/cluster.js";
import { detection } from "../topology/timing.js";

/** What comes on top of VRRP's own times, in milliseconds, on two cores that are busy with a whole lab. */
export const allowance = {
  /** keepalived sets the addresses and announces them, the first probe passes (measured: 2 to 6). */
  takeover: 25,
  /** The new active node's HAProxy opens a session with a controller, and that one greets. */
  greeting: 50,
  /** The agent notices that HAProxy is gone and tells keepalived. */
  notice: 60,
  /** Every agent is told of a request, and heeds it. */
  request: 1_000,
  /** A session that ended connects again, at worst after one refused attempt. */
  reconnect: 350,
  /** A new worker of HAProxy has read its configuration, and tells the old one to end. */
  reload: 1_000,
  /** A controller that is started listens (measured: 3,000 to 4,500). */
  start: 6_000,
  /** HAProxy's own patience with a server that does not take a connection (`timeout connect`). */
  connect: 2_000,
  /** A session that was translated may end before the move: its next request is lost, and TCP repeats it (RFC 6298, 2.1). */
  lostRequest: 1_000,
  /** A machine that comes back starts all that it runs on the same processors (measured: 20 to 60). */
  startsBeside: 100,
  /** What a session lost is sent again by TCP at the earliest after this (Linux: TCP_RTO_MIN). */
  repeated: 200,
  /** A session that hears nothing is given up (the probes' own patience, and Open vSwitch's). */
  patience: 5_000,
  /** Of the probes of an address that are lost one by one: at 30 % each way a row of 20 is one in 700,000. */
  lossyProbe: 50,
  /** Nothing happens to the address; probes that share the processor are late by this. */
  noise: 25,
} as const;

/** A path that passes nothing is found by reachability, not by VRRP: within a second. */
export const deadPathFoundWithin = 1_000;

/** The agent asks HAProxy once a second, and takes one that has not answered after 300 ms for frozen. */
export const frozenFoundWithin = 1_350;

/** A HAProxy that only checks servers may be away for so long before the virtual IPs leave its node: a restart takes less. */
export const restartPatience = 3_000;

/** Drift is noticed within 1.7 s, whatever it is (docs/decisions/0012-drift.md); on a busy machine a look takes its time. */
export const driftFoundWithin = 3_000;

/** An agent looks a second after the end of its certificate, at the first waking that comes then. */
export const expiredFoundWithin = 2_500;

/** The agent reads the kernel's counts every 5 s. */
export const unplacedFoundWithin = 6_000;

/** A rule that is gone: the kernel tells of it, and then all rules are read. */
export const missingRuleFoundWithin = 1_000;

/** Two agents that hear each other say that both own the virtual IPs: for so long until the less preferred one has let go. */
export const secondOwnerYieldsWithin = 3_000;

/** It is seen that the other has let go, and everybody is told whose the addresses are. */
export const soleOwnerAnnouncedWithin = 500;

/** A node that hears the others and is heard by nobody is found by what its peers say of the same networks. */
export const unheardFoundWithin = 1_500;

/**
 * VRRP takes over without asking anybody; the other node lets go when it has heard neither a peer nor a witness for as long
 * as docs/decisions/0037-witness.md says.
 */
export const aloneIsOwnerFor = (cluster: Cluster): number =>
  300 + Math.max(0, (cluster.failover.advertInterval > 200 ? 800 : 700) - detection(cluster));

/** keepalived announces the owner's addresses again and again (`vrrp_garp_master_refresh`); milliseconds. */
export const announcedAgainEvery = 10_000;

/** Milliseconds until servers that are started answer, and HAProxy has seen it. */
export const serversBack = (cluster: Cluster): number => allowance.start + upAgain(cluster);

/** Milliseconds until HAProxy has seen that servers answer: as often as `rise` says. */
export const upAgain = (cluster: Cluster): number =>
  longest(cluster, ({ rise, interval, timeout }) => (rise + 1) * interval + timeout);

/** How long HAProxy goes on choosing a server that refuses. */
export const deadServerNoticed = (cluster: Cluster): number =>
  longest(cluster, ({ fall, interval, timeout }) => fall * interval + timeout);

/** The same of one that says nothing: a check then lasts as long as it may, and the next comes an interval after its end. */
export const silentServerNoticed = (cluster: Cluster): number =>
  longest(cluster, ({ fall, interval, timeout }) => fall * (interval + timeout));

const longest = ({ services }: Cluster, of: (check: Service["healthCheck"]) => number): number =>
  Math.max(0, ...services.map(({ healthCheck }) => of(healthCheck)));
