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
      ['      - { name: c1-v6, address: "2001:db8:20:2::11", port: 6654 }\n', ""],
    ],
    findings: [
      "66:27 services[1].listen.virtual_ip: virtual IP controller-ip listens on IPv6, but with transparent: true no server answers over IPv6",
      "90:33 services[3].servers[3].address: mode nat cannot reach t1-v6 over IPv6: virtual IP telemetry has no IPv6 address",
      "91:33 services[3].servers[4].address: mode nat cannot reach t2-v6 over IPv6: virtual IP telemetry has no IPv6 address",
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
      "97:35 nat.destination[1].address: 2001:db8:20:2::30 is IPv6, but service api does not listen on IPv6",
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
      "100:74 nat.source[1].translate_to: from, outbound and translate_to have neither IPv4 nor IPv6 in common",
    ],
    legal: [
      [
        'from: "2001:db8:20:2:8000::/65", outbound: access, translate_to: { virtual_ip: telemetry }',
        'from: "2001:db8:20:2:8000::/65", outbound: access, translate_to: { address: "2001:db8:20:2::30" }',
      ],
    ],
  },
});
