import * as references from "../../../src/topology/rules/references.js";
import { describeRules } from "./describe-rules.js";

describeRules(references, {
  knownReferences: {
    example: "campus-routed",
    broken: [
      [
        "      controllers: { device: eth2, address: 10.0.2.3 }",
        "      contollers: { device: eth2, address: 10.0.2.3 }",
      ],
      ["virtual_ip: edge-vip", "virtual_ip: edge-ip"],
      ["service: openflow", "service: dns"],
      ["from: controllers, outbound: edge", "from: controler, outbound: egde"],
    ],
    findings: [
      "21:7 nodes[1].interfaces.contollers: no network is named contollers; did you mean `controllers`?",
      "36:27 services[0].listen.virtual_ip: no virtual IP is named edge-ip; did you mean `edge-vip`?",
      "49:65 nat.destination[0].service: no service is named dns",
      "51:15 nat.source[0].from: no network is named controler; did you mean `controllers`?",
      "51:36 nat.source[0].outbound: no network is named egde; did you mean `edge`?",
    ],
    legal: [["from: controllers", "from: management"]],
  },
});
