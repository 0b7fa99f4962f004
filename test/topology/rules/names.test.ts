import * as names from "../../../src/topology/rules/names.js";
import { describeRules } from "./describe-rules.js";

describeRules(names, {
  namesAreUnique: {
    example: "dual-stack",
    broken: [
      ["name: lb-c", "name: lb-a"],
      ["name: telemetry, ", "name: gateway,   "],
      ["name: api", "name: openflow"],
      ["name: t2,", "name: t1,"],
    ],
    findings: [
      "30:11 nodes[2].name: another node is named lb-a",
      "54:13 virtual_ips[3].name: another virtual IP is named gateway",
      "75:11 services[2].name: another service is named openflow",
      "90:17 services[3].servers[1].name: another server is named t1",
    ],
    legal: [["name: t2,", "name: c1,"]],
  },
  machineNamesDiffer: {
    example: "campus-routed",
    broken: [
      ["name: c2", "name: lb-a"],
      ["name: master, network", "name: client-edge, network"],
    ],
    findings: [
      "42:17 services[0].servers[1].name: lb-a is already the name of a node",
      "55:15 lab.hosts[0].name: client-edge is the name of a machine that the lab makes by itself",
    ],
    legal: [["name: master, network", "name: client-of-edge, network"]],
  },
});
