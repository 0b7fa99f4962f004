import { nine, three, two } from "./vpn-networks.js";

/** What one rule finds after an edit of an example, and an edit beside it with which all is well. */
export interface VpnRuleCase {
  readonly rule: string;
  readonly of: string;
  readonly broken: readonly [from: string, to: string];
  readonly findings: readonly string[];
  readonly legal: readonly [from: string, to: string];
}

/** Of src/topology/rules/vpn.ts. */
export const serverCases: readonly VpnRuleCase[] = [
  {
    rule: "vpn-names-are-unique",
    of: two,
    broken: ["name: host1", "name: vpn-b"],
    findings: [
      "vpn.clients[0].name: another server is named vpn-b; give it, and its certificate, a name of its own",
    ],
    legal: ["name: host1", "name: vpn-c"],
  },
  {
    rule: "vpn-devices-are-alike",
    of: three,
    broken: ["device: tun7", "device: tap7"],
    findings: [
      "vpn.servers[1].device: tap7 is tap and vpn-a has tun: a client could not move between the two; make all tun, or all tap",
    ],
    legal: ["device: tun7", "device: overlay"],
  },
  {
    rule: "vpn-fixed-addresses-need-tun",
    of: three,
    broken: ["device: tun7", "device: tap7"],
    findings: [
      "vpn.servers[1].device: tap7 is tap, on which a client with an address outside of the server's range finds no neighbours; make it tun, or leave vpn.clients out",
    ],
    legal: ["device: tun7", "device: tun8"],
  },
  {
    rule: "vpn-tunnel-devices-fit",
    of: nine,
    broken: ["pool:", "backbone: { device: a-long-backbone }\npool:"],
    findings: [
      "vpn.backbone.device: the last of 36 pairs would have device a-long-backbone35, of 17 characters: at most 15 (IFNAMSIZ); shorten it",
    ],
    legal: ["pool:", "backbone: { device: a-long-backbo }\npool:"],
  },
  {
    rule: "vpn-tunnel-devices-fit",
    of: three,
    broken: ["device: core", "device: tun"],
    findings: [
      "vpn.backbone.device: the tunnel between vpn-a and vpn-b would have device tun0, which is where vpn-a has its clients; choose another",
    ],
    legal: ["device: core", "device: tu"],
  },
  {
    rule: "vpn-tunnel-devices-fit",
    of: two,
    broken: ["pool:", "backbone: { device: tun }\npool:"],
    findings: [
      "vpn.backbone.device: the tunnel between vpn-a and vpn-b would have device tun0, which is where vpn-a has its clients; choose another",
    ],
    legal: ["pool:", "backbone: { device: tunnel }\npool:"],
  },
  {
    rule: "vpn-tunnel-ports-are-free",
    of: nine,
    broken: ["pool:", "backbone: { port: 65501 }\npool:"],
    findings: [
      "vpn.backbone.port: 36 pairs of servers need the ports 65501 to 65536: begin at 65500 at most",
    ],
    legal: ["pool:", "backbone: { port: 65500 }\npool:"],
  },
  {
    rule: "vpn-tunnel-ports-are-free",
    of: two,
    broken: ["pool:", "backbone: { port: 1194 }\npool:"],
    findings: [
      "vpn.backbone.port: the tunnel between vpn-a and vpn-b would have udp port 1194, which is where vpn-a hears its clients; begin elsewhere",
      "vpn.backbone.port: the tunnel between vpn-a and vpn-b would have udp port 1194, which is where vpn-b hears its clients; begin elsewhere",
    ],
    legal: ["pool:", "backbone: { port: 1194, proto: tcp }\npool:"],
  },
  {
    rule: "vpn-tunnel-ports-are-free",
    of: two,
    broken: ["pool:", "backbone: { port: 5656, proto: tcp }\npool:"],
    findings: [
      "vpn.backbone.port: the tunnel between vpn-a and vpn-b would have tcp port 5656, which is the management port of vpn-b; begin elsewhere",
    ],
    legal: ["pool:", "backbone: { port: 5656 }\npool:"],
  },
];
