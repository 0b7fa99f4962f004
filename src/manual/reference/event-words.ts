import type { FaultKind } from "../../agent/judgement/faults.js";
import type { EventKind } from "../../api/event.js";

/** What an event of each kind tells. */
export const eventWords: Readonly<Record<EventKind, string>> = {
  role: "This node became the owner of the virtual IPs, or no longer is: why, and where the milliseconds went (`--explain`).",
  apply: "A change, or a node that caught up: applied, on trial, confirmed, kept, put back, or in doubt.",
  drift:
    "A file, rule, setting, route or pool that stands otherwise than it was applied: found, gone, restored, given up.",
  fault:
    "Something is wrong with this node itself, or no longer is; or a peer is not heard, or not reached, any more; or a witness does not answer.",
  peer: "No beat of a peer arrives any more on any network, and whether another node is left to stand by; or it is heard again.",
  "two-owners": "A peer acts as owner of the virtual IPs besides this node, or stopped doing so.",
  maintenance: "A node was taken out of service, or back into it, and by whom.",
  server:
    "A server came up or went down; sessions of a `nat` service with a dead or removed server were ended; HAProxy, which checks them, is gone or back.",
  sync: "The sessions of the active node are no longer, or again, on this one; conntrackd was started again.",
  release:
    "Sessions through the HAProxy of the node before were let go at a takeover, or when this node lost its role.",
  table:
    "The kernel's connection table is nearly full, or has room again; beginnings of connections were dropped, as no source port was left for them.",
  mirror:
    "The master controller does not get the copy of what the switches say, gets it again, or goes on getting it from this node.",
  vpn: "A client of a VPN server came to another one; OpenVPN, BIRD or the routes to clients are not as they are to be, or are again; a server announces what it may not.",
  drill: "A drill began, and its verdict.",
  certificate: "This node has another certificate, or cannot use the one it was given.",
  agent: "The agent starts or ends, or its log could not be written.",
};

/** What each fault means. */
export const faultWords: Readonly<Record<FaultKind, string>> = {
  "no-witness":
    "No peer is heard any more, by adverts or beats, and none of `failover.witness` answers: this node leaves the virtual IPs to whoever is there.",
  "keepalived-gone": "keepalived does not run, or does not answer.",
  "interface-down": "The device of a network is down, has no carrier, or has lost the node's own address.",
  "network-dead": "Nobody answers on a network although its carrier is up, and a peer does better there.",
  "address-missing": "This node is active and a virtual IP does not stand on its interface.",
  "address-stray": "This node is not active and a virtual IP stands on its interface all the same.",
  "haproxy-gone": "HAProxy does not run, or does not answer.",
  "service-silent": "HAProxy runs, and a service's port at a virtual IP does not answer.",
  "rules-missing": "Rules of netfilter are not as they were applied.",
  unsettled: "This node is behind its peers, or in doubt about a change.",
  "second-owner":
    "A peer that comes first says that it owns the virtual IPs too: adverts do not decide between the two.",
  unsynced: "It does not hold the sessions of the active node yet.",
  maintenance: "An operator took it out of service.",
};
