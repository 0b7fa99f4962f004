import { nine, three, two } from "./vpn-networks.js";
import type { VpnRuleCase } from "./vpn-rule-cases.js";

/** Of src/topology/rules/vpn-engines.ts. */
export const engineCases: readonly VpnRuleCase[] = [
  {
    rule: "vpn-ports-are-not-birds",
    of: two,
    broken: ["address: 203.0.113.20,", "address: 203.0.113.20, port: 3784,"],
    findings: ["vpn.servers[1].port: udp port 3784 is BIRD's, for BFD: choose another for clients"],
    legal: ["address: 203.0.113.20,", "address: 203.0.113.20, port: 3784, proto: tcp,"],
  },
  {
    rule: "vpn-ports-are-not-birds",
    of: two,
    broken: ["address: 203.0.113.20,", "address: 203.0.113.20, port: 4784,"],
    findings: ["vpn.servers[1].port: udp port 4784 is BIRD's, for BFD: choose another for clients"],
    legal: ["address: 203.0.113.20,", "address: 203.0.113.20, port: 3785,"],
  },
  {
    rule: "vpn-ports-are-not-birds",
    of: three,
    broken: ["proto: tcp, port: 443,", "proto: tcp, port: 179,"],
    findings: ["vpn.servers[1].port: tcp port 179 is BIRD's, for BGP: choose another for clients"],
    legal: ["proto: tcp, port: 443,", "proto: udp, port: 179,"],
  },
  {
    rule: "vpn-ports-are-not-birds",
    of: two,
    broken: ["management: { port: 5656 }", "management: { port: 179 }"],
    findings: [
      "vpn.servers[1].management.port: tcp port 179 is BIRD's, for BGP: choose another for the management, or a socket",
    ],
    legal: ["management: { port: 5656 }", "management: { port: 3784 }"],
  },
  {
    rule: "vpn-ports-are-not-birds",
    of: nine,
    broken: ["pool:", "backbone: { port: 3749 }\npool:"],
    findings: [
      "vpn.backbone.port: the tunnels have the udp ports 3749 to 3784, and 3784 is BIRD's, for BFD: begin elsewhere",
    ],
    legal: ["pool:", "backbone: { port: 3748 }\npool:"],
  },
  {
    rule: "vpn-ports-are-not-birds",
    of: three,
    broken: ["port: 20000, proto: tcp", "port: 177, proto: tcp"],
    findings: [
      "vpn.backbone.port: the tunnels have the tcp ports 177 to 179, and 179 is BIRD's, for BGP: begin elsewhere",
    ],
    legal: ["port: 20000, proto: tcp", "port: 180, proto: tcp"],
  },
  {
    rule: "vpn-socket-is-its-own",
    of: two,
    broken: ["/run/openvpn/overlay.sock", "/run/holdfast/vpn.sock"],
    findings: [
      "vpn.servers[0].management.socket: /run/holdfast/vpn.sock is where the agent has its own: choose another, such as /run/openvpn/NAME.sock",
    ],
    legal: ["/run/openvpn/overlay.sock", "/run/holdfast-vpn/vpn.sock"],
  },
  {
    rule: "vpn-socket-is-its-own",
    of: two,
    broken: ["/run/openvpn/overlay.sock", "/var/run/holdfast"],
    findings: [
      "vpn.servers[0].management.socket: /var/run/holdfast is where the agent has its own: choose another, such as /run/openvpn/NAME.sock",
    ],
    legal: ["/run/openvpn/overlay.sock", "/var/run/openvpn/overlay.sock"],
  },
  {
    rule: "vpn-socket-is-its-own",
    of: two,
    broken: ["/run/openvpn/overlay.sock", "/etc/openvpn/pass"],
    findings: [
      "vpn.servers[0].management.socket: /etc/openvpn/pass is the file of the password, which OpenVPN would put its socket in place of; choose another",
    ],
    legal: ["/run/openvpn/overlay.sock", "/etc/openvpn/pass.sock"],
  },
];
