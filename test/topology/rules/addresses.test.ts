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
      ["switches:    { cidr: 10.0.1.0/24,", "switches:    { cidr: 10.0.1.0/24, gateway: 10.0.1.0,"],
      ["failover:", "routes: [{ destination: 10.8.0.0/16, via: 10.0.1.255 }]\nfailover:"],
      ["  preempt: false", "  witness: [10.0.9.255, 10.8.0.255]"],
      ["10.0.2.11", "10.0.2.255"],
      [
        "nat:\n",
        "nat:\n  destination:\n    - { inbound: switches, address: 10.0.2.0, port: 80, service: openflow }\n",
      ],
    ],
    findings: [
      "7:46 networks.switches.gateway: 10.0.1.0 is the network address of 10.0.1.0/24 (network switches)",
      "20:45 nodes[1].interfaces.controllers.address: 10.0.2.0 is the network address of 10.0.2.0/24 (network controllers)",
      "23:43 routes[0].via: 10.0.1.255 is the broadcast address of 10.0.1.0/24 (network switches)",
      "26:13 failover.witness[0]: 10.0.9.255 is the broadcast address of 10.0.9.0/24 (network management)",
      "29:59 virtual_ips[0].address: 10.0.1.255 is the broadcast address of 10.0.1.0/24 (network switches)",
      "39:30 services[0].servers[0].address: 10.0.2.255 is the broadcast address of 10.0.2.0/24 (network controllers)",
      "45:37 nat.destination[0].address: 10.0.2.0 is the network address of 10.0.2.0/24 (network controllers)",
    ],
    legal: [
      ["switches,    address: 10.0.1.100", "switches,    address: 10.0.1.254"],
      ["10.0.2.11", "10.0.2.254"],
      ["  preempt: false", "  witness: [10.0.9.254]"],
    ],
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
