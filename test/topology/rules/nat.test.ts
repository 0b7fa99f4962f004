import * as nat from "../../../src/topology/rules/nat.js";
import { describeRules } from "./describe-rules.js";

describeRules(nat, {
  sourceNatIsReached: {
    example: "dual-stack",
    broken: [
      [
        "from: 10.20.2.16/28, outbound: access, translate_to: { address: 10.20.2.30 }",
        "from: servers, outbound: access, translate_to: { virtual_ip: telemetry }",
      ],
    ],
    findings: [
      "101:15 nat.source[1].from: never reached: nat.source[0] already translates all of it",
      "102:15 nat.source[2].from: never reached: nat.source[0] already translates all of it",
    ],
    legal: [
      [
        "from: 10.20.2.16/28, outbound: access, translate_to: { address: 10.20.2.30 }",
        "from: servers, outbound: access, translate_to: { address: 10.20.2.30 }",
      ],
    ],
  },
  sourceNatHasTraffic: {
    example: "campus-routed",
    broken: [["from: controllers", "from: 192.168.11.0/24"]],
    findings: [
      "51:15 nat.source[0].from: 192.168.11.0/24 matches nothing that the nodes forward: it is on none of the networks and behind none of the routes",
    ],
    legal: [["from: controllers", "from: 192.168.0.0/16"]],
  },
  sourceNatCrossesPair: {
    example: "campus-routed",
    broken: [
      [
        "    - { from: controllers, outbound: edge, translate_to: { address: 10.0.2.10 } }",
        "    - { from: 10.0.1.64/26, outbound: edge, translate_to: { address: 10.0.2.10 } }\n    - { from: edge, outbound: edge, translate_to: { address: 10.0.2.10 } }",
      ],
    ],
    findings: [
      "51:39 nat.source[0].outbound: the packets come from network edge itself: only those that a machine there sends to another by way of the pair are translated",
      "52:31 nat.source[1].outbound: the packets come from network edge itself: only those that a machine there sends to another by way of the pair are translated",
    ],
    legal: [["from: controllers", "from: 10.0.0.0/16"]],
  },
  translationIsOurs: {
    example: "campus-routed",
    broken: [["translate_to: { address: 10.0.2.10 }", "translate_to: { address: 10.0.2.9 }"]],
    findings: [
      "51:69 nat.source[0].translate_to.address: 10.0.2.9 is neither a virtual IP nor captured by nat.destination: answers to it would not come back",
    ],
    legal: [["translate_to: { address: 10.0.2.10 }", "translate_to: { address: 10.0.1.100 }"]],
  },
});
