import type { Finding } from "../rule.js";
import { pairsOf } from "../vpn-backbone.js";
import { placedIn, vpnRule } from "./vpn-rule.js";

type Protocol = "udp" | "tcp";

/**
 * What the other engine of a server listens at, on all of its addresses: BIRD opens both ports of BFD, whichever it needs.
 * RFC 5881, 4: 3784; RFC 5883, 5: 4784; RFC 4271, 8.2.1: 179.
 */
const ports: readonly { readonly proto: Protocol; readonly port: number; readonly owner: string }[] = [
  { proto: "udp", port: 3784, owner: "BFD" },
  { proto: "udp", port: 4784, owner: "BFD" },
  { proto: "tcp", port: 179, owner: "BGP" },
];

export const vpnPortsAreNotBirds = vpnRule("vpn-ports-are-not-birds", ({ servers, backbone }) => {
  const pairs = pairsOf(servers.length).length;
  return [
    ...placedIn("servers", servers).flatMap(({ port, proto, management, at }) => [
      ...ownedBy(proto, port).map((whose) => ({
        at: [...at, "port"],
        message: `${whose}: choose another for clients`,
      })),
      ...ownedBy("tcp", management.port).map((whose) => ({
        at: [...at, "management", "port"],
        message: `${whose}: choose another for the management, or a socket`,
      })),
    ]),
    ...ports
      .filter(({ proto, port }) => proto === backbone.proto && isAmong(port, backbone.port, pairs))
      .map(({ proto, port, owner }) => ({
        at: ["vpn", "backbone", "port"],
        message: `the tunnels have the ${proto} ports ${backbone.port} to ${backbone.port + pairs - 1}, and ${port} is BIRD's, for ${owner}: begin elsewhere`,
      })),
  ];
});

const ownedBy = (proto: Protocol, wanted: number | undefined): string[] =>
  ports
    .filter((each) => each.proto === proto && each.port === wanted)
    .map(({ port, owner }) => `${proto} port ${port} is BIRD's, for ${owner}`);

const isAmong = (port: number, first: number, count: number): boolean =>
  port >= first && port < first + count;

/** Where the agent, and whatever of it runs beside it, has its own sockets; /var/run is the same directory (Debian's base-files). */
const agents = /^(?:\/var)?\/run\/holdfast(?:\/|$)/;

/** OpenVPN removes what stands in the place of its socket before it listens there, whatever it is. */
export const vpnSocketIsItsOwn = vpnRule("vpn-socket-is-its-own", ({ servers }) =>
  placedIn("servers", servers).flatMap(
    ({ management: { socket, password_file: password }, at }): Finding[] => {
      if (socket === undefined) return [];
      const place = [...at, "management", "socket"];
      if (agents.test(socket))
        return [
          {
            at: place,
            message: `${socket} is where the agent has its own: choose another, such as /run/openvpn/NAME.sock`,
          },
        ];
      return socket === password
        ? [
            {
              at: place,
              message: `${socket} is the file of the password, which OpenVPN would put its socket in place of; choose another`,
            },
          ]
        : [];
    },
  ),
);
