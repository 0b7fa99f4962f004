import * as routes from "../../../src/topology/rules/routes.js";
import { describeRules } from "./describe-rules.js";

describeRules(routes, {
  nextHopConnected: {
    example: "campus-routed",
    broken: [["192.168.20.0/24, via: 10.0.1.1", "192.168.20.0/24, via: 10.0.3.1"]],
    findings: ["26:42 routes[1].via: next hop 10.0.3.1 is on none of the networks"],
    legal: [["192.168.20.0/24, via: 10.0.1.1", "192.168.20.0/24, via: 10.0.2.200"]],
  },
  nextHopFamily: {
    example: "dual-stack",
    broken: [["192.168.20.0/22, via: 10.20.1.1", '192.168.20.0/22, via: "2001:db8:20:1::1"']],
    findings: ["37:42 routes[0].via: an IPv4 destination needs an IPv4 next hop, not 2001:db8:20:1::1"],
    legal: [["192.168.20.0/22, via: 10.20.1.1", "0.0.0.0/0, via: 10.20.1.1"]],
  },
  oneRoutePerDestination: {
    example: "campus-routed",
    broken: [["192.168.20.0/24", "192.168.10.0/24"]],
    findings: ["26:20 routes[1].destination: 192.168.10.0/24 is a route via 10.0.1.1 already"],
    legal: [["192.168.20.0/24", "192.168.10.0/25"]],
  },
  routeLeavesNetworks: {
    example: "campus-routed",
    broken: [
      ["192.168.10.0/24", "10.0.2.128/25"],
      ["192.168.20.0/24", "10.0.1.77/32"],
    ],
    findings: [
      "25:20 routes[0].destination: 10.0.2.128/25 is a part of 10.0.2.0/24 (network controllers), which the nodes reach without a router",
      "26:20 routes[1].destination: 10.0.1.77/32 is a part of 10.0.1.0/24 (network edge), which the nodes reach without a router",
    ],
    legal: [
      ["192.168.10.0/24", "10.0.0.0/8"],
      ["192.168.20.0/24", "0.0.0.0/0"],
    ],
  },
  serverReachable: {
    example: "campus-routed",
    broken: [["10.0.2.12", "10.0.3.12"]],
    findings: [
      "42:30 services[0].servers[1].address: server c2 (10.0.3.12) is on none of the networks and behind none of the routes",
    ],
    legal: [
      ["10.0.2.12", "10.0.3.12"],
      [
        "  - { destination: 192.168.20.0/24, via: 10.0.1.1 }",
        "  - { destination: 10.0.3.0/24, via: 10.0.2.200 }",
      ],
    ],
  },
  witnessReachable: {
    example: "dual-stack",
    broken: [["[10.20.1.5, 10.20.1.1]", "[10.20.1.5, 10.99.0.1]"]],
    findings: [
      "46:24 failover.witness[1]: witness 10.99.0.1 is on none of the networks and behind none of the routes",
    ],
    legal: [["[10.20.1.5, 10.20.1.1]", "[10.20.1.5, 192.168.21.1]"]],
  },
  witnessIsElsewhere: {
    example: "dual-stack",
    broken: [["[10.20.1.5, 10.20.1.1]", "[10.20.1.100, 10.20.1.1]"]],
    findings: [
      "46:13 failover.witness[0]: 10.20.1.100 is virtual IP controller-ip; a witness is a machine beside the cluster",
    ],
    legal: [["[10.20.1.5, 10.20.1.1]", "[10.20.1.6, 10.20.1.1]"]],
  },
});
