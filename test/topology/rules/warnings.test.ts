import * as warnings from "../../../src/topology/rules/warnings.js";
import { describeRules } from "./describe-rules.js";

describeRules(warnings, {
  subSecondAdverts: {
    example: "pair",
    broken: [["profile: balanced", "profile: conservative\n  advert_interval: 990ms"]],
    findings: [
      "25:20 failover.advert_interval: adverts every 990ms: a virtual machine that its host stops for 1980ms may lose the virtual IPs; 'holdfast calibrate' measures what its host does, profile: conservative needs no measurement",
    ],
    legal: [["profile: balanced", "profile: conservative"]],
  },
  preemptDelayIsUsed: {
    example: "dual-stack",
    broken: [["  preempt: true  ", "  preempt: false "]],
    findings: ["45:18 failover.preempt_delay: has no effect without preempt: true"],
    legal: [["  preempt_delay: 30s  ", "  preempt_delay: 10s  "]],
  },
  preemptDelayLeavesTime: {
    example: "dual-stack",
    broken: [["  preempt_delay: 30s  ", "  preempt_delay: 4900ms  "]],
    findings: [
      "45:18 failover.preempt_delay: a node that returns may take the virtual IPs before it holds the sessions: give it 5s",
    ],
    legal: [["  preempt_delay: 30s  ", "  preempt_delay: 5s  "]],
  },
  oneServerPool: {
    example: "pair",
    broken: [
      [
        "      - { name: c2, address: 10.0.2.12, port: 6653 }\n      - { name: c3, address: 10.0.2.13, port: 6653 }\n",
        "",
      ],
    ],
    findings: [
      "38:7 services[0].servers: service openflow has one server only: when it is down, so is the service",
    ],
    legal: [["      - { name: c3, address: 10.0.2.13, port: 6653 }\n", ""]],
  },
  oneWitness: {
    example: "dual-stack",
    broken: [["[10.20.1.5, 10.20.1.1]", "[10.20.1.5]"]],
    findings: [
      "46:12 failover.witness: the only witness is 10.20.1.5: when it is down as well as a node's peers, nobody holds the virtual IPs; name two",
    ],
    legal: [["  witness: [10.20.1.5, 10.20.1.1]", "                                  "]],
  },
  noManagementNetwork: {
    example: "pair",
    broken: [["failover:", "sync: { networks: [controllers, switches] }\nfailover:"]],
    findings: [
      "23:19 sync.networks: the nodes talk to each other only on controllers and switches, beside service traffic; a network of their own (management) is safer",
    ],
    legal: [["failover:", "sync: { networks: [controllers, management] }\nfailover:"]],
  },
  capturedAddressIsRouted: {
    example: "campus-routed",
    broken: [
      ["inbound: edge, address: 10.0.2.10", "inbound: edge, address: 10.0.1.10"],
      ["translate_to: { address: 10.0.2.10", "translate_to: { address: 10.0.1.10"],
    ],
    findings: [
      "49:33 nat.destination[0].address: 10.0.1.10 lies in network edge itself: its neighbours ask for it by ARP or ND, which only a virtual IP answers",
    ],
    legal: [
      ["inbound: edge, address: 10.0.2.10", "inbound: edge, address: 10.0.3.10"],
      ["translate_to: { address: 10.0.2.10", "translate_to: { address: 10.0.3.10"],
    ],
  },
});
