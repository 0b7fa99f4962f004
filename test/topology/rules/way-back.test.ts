import * as wayBack from "../../../src/topology/rules/way-back.js";
import { describeRules } from "./describe-rules.js";

describeRules(wayBack, {
  answersComeBack: {
    example: "campus-routed",
    broken: [
      ["  - { name: gateway,  network: controllers, address: 10.0.2.1 }   # the controllers' gateway\n", ""],
    ],
    findings: [
      "36:11 services[0].mode: answers have no way back: give network controllers an IPv4 virtual IP to be the servers' gateway, or translate the clients with nat.source (outbound: controllers)",
    ],
    legal: [
      ["  - { name: gateway,  network: controllers, address: 10.0.2.1 }   # the controllers' gateway\n", ""],
      [
        "  source: ",
        "  source:\n    - { from: 192.168.0.0/16, outbound: controllers, translate_to: { virtual_ip: edge-vip } }  ",
      ],
    ],
  },
  serversApartFromClients: {
    example: "campus-routed",
    broken: [["10.0.2.12", "10.0.1.12"]],
    findings: [
      "42:30 services[0].servers[1].address: c2 is on the clients' side (network edge) and would answer them past the pair; use mode: proxy, not transparent",
    ],
    legal: [
      ["10.0.2.12", "10.0.1.12"],
      ["mode: nat", "mode: proxy"],
    ],
  },
});
