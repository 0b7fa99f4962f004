import * as families from "../../../src/topology/rules/families.js";
import { describeRules } from "./describe-rules.js";

describeRules(families, {
  serverFamilies: {
    example: "dual-stack",
    broken: [
      [
        'name: telemetry,     network: access,  address: [10.20.1.101, "2001:db8:20:1::101"]',
        "name: telemetry,     network: access,  address: 10.20.1.101",
      ],
      ["{ virtual_ip: secure, port: 6654 }", "{ virtual_ip: controller-ip, port: 6654 }"],
    ],
    findings: [
      "70:18 services[1].transparent: a session keeps the client's own address, so that an IPv4 client cannot reach an IPv6 server: listen on a virtual IP of one family instead of controller-ip",
      "92:33 services[3].servers[3].address: mode nat cannot reach t1-v6 over IPv6: virtual IP telemetry has no IPv6 address",
      "93:33 services[3].servers[4].address: mode nat cannot reach t2-v6 over IPv6: virtual IP telemetry has no IPv6 address",
    ],
    legal: [
      ['name: c2, address: "2001:db8:20:2::12", port: 6653', "name: c2, address: 10.20.2.12, port: 6653"],
    ],
  },
  capturedFamily: {
    example: "dual-stack",
    broken: [
      [
        'name: controller-ip, network: access,  address: [10.20.1.100, "2001:db8:20:1::100"]',
        "name: controller-ip, network: access,  address: 10.20.1.100",
      ],
      [
        '"2001:db8:20:2::30", port: 57400, service: collector',
        '"2001:db8:20:2::30", port: 57400, service: api',
      ],
    ],
    findings: [
      "98:35 nat.destination[1].address: 2001:db8:20:2::30 is IPv6, but service api does not listen on IPv6",
    ],
    legal: [
      [
        '"2001:db8:20:2::30", port: 57400, service: collector',
        '"2001:db8:20:2::30", port: 57400, service: api',
      ],
    ],
  },
  translationFamily: {
    example: "dual-stack",
    broken: [
      [
        'from: "2001:db8:20:2:8000::/65", outbound: access, translate_to: { virtual_ip: telemetry }',
        'from: "2001:db8:20:2:8000::/65", outbound: access, translate_to: { address: 10.20.2.30 }',
      ],
    ],
    findings: [
      "101:74 nat.source[1].translate_to: from, outbound and translate_to have neither IPv4 nor IPv6 in common",
    ],
    legal: [
      [
        'from: "2001:db8:20:2:8000::/65", outbound: access, translate_to: { virtual_ip: telemetry }',
        'from: "2001:db8:20:2:8000::/65", outbound: access, translate_to: { address: "2001:db8:20:2::30" }',
      ],
    ],
  },
});
