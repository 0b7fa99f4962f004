import type { Vpn, VpnServer } from "../../topology/cluster.js";
import { exchangeRoutes } from "../../topology/vpn-select.js";
import type { Dispute } from "../../vpn/claims.js";
import type { Presence } from "../../vpn/clients.js";
import type { Condition } from "../../vpn/conditions.js";
import type { BirdPeerReport } from "./bird-watch.js";

export interface VpnLook {
  /** Whether OpenVPN holds its device. */
  readonly running: boolean;
  readonly link: string | null;
  /** Milliseconds for which OpenVPN serves nobody who asks. */
  readonly waits: number;
  readonly hooks: string | null;
  readonly routes: string | null;
  readonly bird: string | null;
  readonly peers: readonly BirdPeerReport[];
  readonly disputes: readonly Dispute[];
  /** Who has what the topology does not give. */
  readonly strays: readonly Presence[];
}

/** Milliseconds. Daemons are started again meanwhile, and sessions made anew. */
const patience = 5_000;
/** Milliseconds. A change goes from one server to the next, and a session comes a second or two after the second one. */
const sessionPatience = 15_000;

/** What is wrong on a server. */
export function conditionsOf(vpn: Vpn, server: VpnServer, look: VpnLook): Condition[] {
  const own: (Omit<Condition, "text"> & { readonly text: string | null })[] = [
    {
      about: "openvpn",
      text: look.running ? null : `OpenVPN does not run: ${server.device} is not there`,
      over: "OpenVPN runs again",
      patience,
    },
    {
      about: "management",
      text: look.running ? managementTrouble(look) : null,
      over: "OpenVPN says again who is connected",
      patience,
    },
    { about: "hooks", text: look.hooks, over: "OpenVPN's hooks are heard again", patience },
    {
      about: "routes",
      text: look.routes === null ? null : `routes to clients do not stand as they are to be: ${look.routes}`,
      over: "routes to clients stand as they are to be again",
      patience,
    },
    {
      about: "bird",
      text: look.bird === null ? null : `BIRD says nothing: ${look.bird}`,
      over: "BIRD answers again",
      patience,
    },
  ];
  const standing = own.flatMap(({ text, ...rest }) => (text === null ? [] : [{ ...rest, text }]));
  return [...standing, ...peerConditions(vpn, server, look), ...twice(look), ...stray(look)];
}

function managementTrouble({ link, waits }: VpnLook): string | null {
  if (waits > 0)
    return "it is not known who is connected: OpenVPN hangs, or serves another at its management interface";
  return link === null ? null : `OpenVPN's management interface does not say who is connected: ${link}`;
}

function peerConditions(vpn: Vpn, server: VpnServer, { bird, peers }: VpnLook): Condition[] {
  const silent = vpn.servers.flatMap((other): Condition[] => {
    if (bird !== null || other.name === server.name || !exchangeRoutes(vpn, server, other)) return [];
    const state = peers.find((peer) => peer.server === other.name)?.state;
    if (state === "Established" || peers.length === 0) return [];
    const [about, text] = [`session ${other.name}`, `no routes are exchanged with ${other.name}`];
    return [
      { about, text, over: `routes are exchanged with ${other.name} again`, patience: sessionPatience },
    ];
  });
  const refused = peers
    .filter(({ refused: count }) => count > 0)
    .map(({ server: peer, refused: count, prefixes }): Condition => {
      const rest = count > prefixes.length ? `, and ${count - prefixes.length} more` : "";
      return {
        about: `refused ${peer}`,
        text: `${peer} announces what it may not, which is refused: ${prefixes.join(", ")}${rest}`,
        over: `${peer} announces nothing any more that it may not`,
        patience: 0,
      };
    });
  return [...silent, ...refused];
}

/** It logged in by settings that are no longer those of the topology, or not yet. */
const stray = ({ strays }: VpnLook): Condition[] =>
  strays.map(({ name, destination }) => ({
    about: `stray ${destination}`,
    text: `${name} has ${destination}, which the topology does not give it: nothing is routed there until it logs in anew`,
    over: `${destination} is of nobody any more who should not have it`,
    patience,
  }));

/** Two clients that have the same address, as far as the other's server can be heard: what a dead one said last is no news. */
const twice = ({ disputes, peers }: VpnLook): Condition[] => {
  const silent = new Set(peers.filter(({ state }) => state !== "Established").map(({ server }) => server));
  const heard = disputes.filter(({ server }) => !silent.has(server));
  return heard.map(({ destination, name, server, other }) => ({
    about: `twice ${destination}`,
    text: `${destination} is of two clients: ${name} here, and ${other} on ${server}`,
    over: `${destination} is of one client again`,
    patience,
  }));
};
