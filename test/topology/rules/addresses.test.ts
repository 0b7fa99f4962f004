import * as addresses from "../../../src/topology/rules/addresses.js";
import { describeRules } from "./describe-rules.js";

describeRules(addresses, {
  addressInNetwork: {
    example: "dual-stack",
    broken: [
      ['address: [10.20.1.101, "2001:db8:20:1::101"]', 'address: [10.20.2.101, "2001:db8:20:1::101"]'],
    ],
    findings: ["52:56 virtual_ips[1].address[0]: 10.20.2.101 is outside 10.20.1.0/24 (network access)"],
    legal: [["gateway: 10.20.1.1\n", "gateway: 10.20.1.254\n"]],
  },
  hostAddress: {
    example: "pair",
    broken: [
      ["switches,    address: 10.0.1.100", "switches,    address: 10.0.1.255"],
      ["10.0.2.3 }", "10.0.2.0 }"],
    ],
    findings: [
      "20:45 nodes[1].interfaces.controllers.address: 10.0.2.0 is the network address of 10.0.2.0/24 (network controllers)",
      "28:59 virtual_ips[0].address: 10.0.1.255 is the broadcast address of 10.0.1.0/24 (network switches)",
    ],
    legal: [["switches,    address: 10.0.1.100", "switches,    address: 10.0.1.254"]],
  },
  networksOverlap: {
    example: "pair",
    broken: [["10.0.9.0/24", "10.0.0.0/16"]],
    findings: [
      "7:24 networks.switches.cidr: 10.0.1.0/24 overlaps 10.0.0.0/16 (network management)",
      "8:24 networks.controllers.cidr: 10.0.2.0/24 overlaps 10.0.0.0/16 (network management)",
    ],
    legal: [["10.0.9.0/24 }  ", "10.0.8.0/23 }  "]],
  },
  interfaceFamilies: {
    example: "dual-stack",
    broken: [['[10.20.2.3, "2001:db8:20:2::3"]', "10.20.2.3"]],
    findings: [
      "28:44 nodes[1].interfaces.servers.address: lb-b has no IPv6 address on network servers, which has 2001:db8:20:2::/64",
    ],
    legal: [['"2001:db8:20:2::3"', '"2001:db8:20:2::33"']],
  },
  mtuCarriesIpv6: {
    example: "dual-stack",
    broken: [["    gateway: 10.20.1.1\n    mtu: 1500", "    gateway: 10.20.1.1\n    mtu: 1279"]],
    findings: ["11:10 networks.access.mtu: 1279 is too small for IPv6 on network access: at least 1280"],
    legal: [["    gateway: 10.20.1.1\n    mtu: 1500", "    gateway: 10.20.1.1\n    mtu: 1280"]],
  },
});
