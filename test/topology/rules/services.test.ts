import * as services from "../../../src/topology/rules/services.js";
import { describeRules } from "./describe-rules.js";

describeRules(services, {
  portIsFree: {
    example: "dual-stack",
    broken: [
      ["port: 8080 }\n    mode: proxy", "port: 6653 }\n    mode: proxy"],
      ["address: 10.20.2.30, port: 57400", "address: 10.20.1.101, port: 57400"],
    ],
    findings: [
      "76:48 services[2].listen.port: port 6653 of virtual IP controller-ip belongs to service openflow already",
      "97:54 nat.destination[0].port: port 57400 of 10.20.1.101 belongs to service collector already",
    ],
    legal: [["port: 8080 }\n    mode: proxy", "port: 6655 }\n    mode: proxy"]],
  },
  portIsNotTheAgents: {
    example: "pair",
    broken: [["controller-ip, port: 6653", "controller-ip, port: 7443"]],
    findings: [
      "33:48 services[0].listen.port: port 7443 is that of the agents (agent.port): choose another for one of them",
    ],
    legal: [["controller-ip, port: 6653", "controller-ip, port: 7444"]],
  },
  serverOnceInPool: {
    example: "pair",
    broken: [["10.0.2.12", "10.0.2.11"]],
    findings: ["39:30 services[0].servers[1].address: c2 is the same server as c1: 10.0.2.11, port 6653"],
    legal: [["10.0.2.12, port: 6653", "10.0.2.11, port: 6654"]],
  },
  somebodyServes: {
    example: "pair",
    broken: [
      ["10.0.2.11, port: 6653", "10.0.2.11, port: 6653, weight: 0"],
      ["10.0.2.12, port: 6653", "10.0.2.12, port: 6653, weight: 0"],
      ["10.0.2.13, port: 6653", "10.0.2.13, port: 6653, weight: 0"],
    ],
    findings: [
      "38:7 services[0].servers: every server drains (weight 0): no new session would get in; leave at least one a weight",
    ],
    legal: [
      ["10.0.2.11, port: 6653", "10.0.2.11, port: 6653, weight: 0"],
      ["10.0.2.12, port: 6653", "10.0.2.12, port: 6653, weight: 0"],
    ],
  },
  timeoutWithinInterval: {
    example: "pair",
    broken: [["interval: 1s,", "interval: 1s, timeout: 1001ms,"]],
    findings: [
      "36:60 services[0].health_check.timeout: a timeout of 1001ms is longer than the interval of 1s",
    ],
    legal: [["interval: 1s,", "interval: 1s, timeout: 1000ms,"]],
  },
  modeCanGiveIt: {
    example: "campus-routed",
    broken: [["balance: source", "balance: leastconn\n    transparent: true"]],
    findings: [
      "38:14 services[0].balance: nat does not count connections; use balance: source or roundrobin, or mode: proxy",
      "39:18 services[0].transparent: with nat, servers always see the client's own address; leave transparent out",
    ],
    legal: [["balance: source", "balance: roundrobin\n    transparent: false"]],
  },
});
