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
  translationIsOurs: {
    example: "campus-routed",
    broken: [["translate_to: { address: 10.0.2.10 }", "translate_to: { address: 10.0.2.9 }"]],
    findings: [
      "49:69 nat.source[0].translate_to.address: 10.0.2.9 is neither a virtual IP nor captured by nat.destination: answers to it would not come back",
    ],
    legal: [["translate_to: { address: 10.0.2.10 }", "translate_to: { address: 10.0.1.100 }"]],
  },
});
