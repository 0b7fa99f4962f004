import * as occupied from "../../../src/topology/rules/occupied.js";
import { describeRules } from "./describe-rules.js";

describeRules(occupied, {
  virtualIpIsFree: {
    example: "pair",
    broken: [
      ["address: 10.0.1.100", "address: 10.0.1.3"],
      ["address: 10.0.2.1 }", "address: 10.0.2.11 }"],
    ],
    findings: [
      "28:59 virtual_ips[0].address: 10.0.1.3 is already the address of node lb-b",
      "29:59 virtual_ips[1].address: 10.0.2.11 is already the address of server c1 of service openflow",
    ],
    legal: [["address: 10.0.1.100", "address: 10.0.1.4"]],
  },
  nodeAddressIsItsOwn: {
    example: "campus-routed",
    broken: [
      ["address: 10.0.1.3", "address: 10.0.1.2"],
      ["address: 10.0.2.12", "address: 10.0.2.3"],
    ],
    findings: [
      "20:45 nodes[1].interfaces.edge.address: 10.0.1.2 is already the address of node lb-a",
      "42:30 services[0].servers[1].address: 10.0.2.3 is already the address of node lb-b",
    ],
    legal: [["address: 10.0.1.3", "address: 10.0.1.4"]],
  },
  labHostAddressIsFree: {
    example: "campus-routed",
    broken: [["controllers, address: 10.0.2.10", "controllers, address: 10.0.2.12"]],
    findings: [
      "55:54 lab.hosts[0].address: 10.0.2.12 is already the address of server c2 of service openflow",
    ],
    legal: [
      ["controllers, address: 10.0.2.10", "controllers, address: 10.0.2.14"],
      ["name: master, address: 10.0.2.10", "name: master, address: 10.0.2.14"],
    ],
  },
});
