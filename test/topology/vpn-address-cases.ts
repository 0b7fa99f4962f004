import { three, two } from "./vpn-networks.js";
import type { VpnRuleCase } from "./vpn-rule-cases.js";

/** Of src/topology/rules/vpn-addresses.ts. */
export const addressCases: readonly VpnRuleCase[] = [
  {
    rule: "vpn-range-families",
    of: three,
    broken: ['[10.100.101.0/24, "fd00:100:0:b::/80"]', "10.100.101.0/24"],
    findings: [
      "vpn.servers[1].clients: vpn-b has no IPv6 addresses for its clients, but the pool has fd00:100::/48: add a part of it",
    ],
    legal: ["fd00:100:0:b::/80", "fd00:100:0:b::/96"],
  },
  {
    rule: "vpn-ranges-in-pool",
    of: three,
    broken: ["fd00:100:0:b::/80", "fd00:100:b::/80"],
    findings: [
      "vpn.servers[1].clients[1]: fd00:100:b::/80 is no part of the pool (10.100.0.0/16, fd00:100::/48)",
    ],
    legal: ["fd00:100:0:b::/80", "fd00:100:0:b0::/80"],
  },
  {
    rule: "vpn-ranges-in-pool",
    of: two,
    broken: ["pool: 10.100.0.0/16", "pool: 10.100.100.0/24"],
    findings: [
      "vpn.servers[0].clients[0]: 10.100.100.0/24 is no part of the pool (10.100.100.0/24)",
      "vpn.servers[1].clients[0]: 10.100.101.0/24 is no part of the pool (10.100.100.0/24)",
    ],
    legal: ["pool: 10.100.0.0/16", "pool: 10.100.0.0/15"],
  },
  {
    rule: "vpn-ranges-in-pool",
    of: three,
    broken: ["10.100.201.0/24", "192.168.1.0/24"],
    findings: [
      "vpn.clients[0].subnets[0]: 192.168.1.0/24 is no part of the pool (10.100.0.0/16, fd00:100::/48)",
    ],
    legal: ["10.100.201.0/24", "10.100.202.0/24"],
  },
  {
    rule: "vpn-range-sizes",
    of: two,
    broken: ["10.100.101.0/24", "10.100.101.0/30"],
    findings: [
      "vpn.servers[1].clients[0]: 10.100.101.0/30: OpenVPN gives clients addresses of a /16 to a /29",
    ],
    legal: ["10.100.101.0/24", "10.100.101.0/29"],
  },
  {
    rule: "vpn-range-sizes",
    of: three,
    broken: ["fd00:100:0:b::/80", "fd00:100:0:b::/125"],
    findings: [
      "vpn.servers[1].clients[1]: fd00:100:0:b::/125: OpenVPN gives clients addresses of a /64 to a /124",
    ],
    legal: ["fd00:100:0:b::/80", "fd00:100:0:b::/124"],
  },
  {
    rule: "vpn-ranges-are-apart",
    of: three,
    broken: ["10.100.102.0/25", "10.100.101.128/25"],
    findings: ["vpn.servers[2].clients[0]: 10.100.101.128/25 overlaps 10.100.101.0/24 of server vpn-b"],
    legal: ["10.100.102.0/25", "10.100.102.128/25"],
  },
  {
    rule: "vpn-ranges-are-apart",
    of: three,
    broken: ["10.100.201.0/24", "10.100.100.64/26"],
    findings: ["vpn.clients[0].subnets[0]: 10.100.100.64/26 overlaps 10.100.100.0/24 of server vpn-a"],
    legal: ["10.100.201.0/24", "10.100.203.64/26"],
  },
  {
    rule: "vpn-fixed-addresses",
    of: two,
    broken: ["address: 10.100.200.1", "address: 10.101.0.1"],
    findings: [
      "vpn.clients[0].address[0]: 10.101.0.1 is outside the pool (10.100.0.0/16), and would not be routed",
    ],
    legal: ["address: 10.100.200.1", "address: 10.100.200.3"],
  },
  {
    rule: "vpn-fixed-addresses",
    of: two,
    broken: ["address: 10.100.200.1", "address: 10.100.101.1"],
    findings: ["vpn.clients[0].address[0]: 10.100.101.1 is the address of server vpn-b itself"],
    legal: ["address: 10.100.200.1", "address: 10.100.102.1"],
  },
  {
    rule: "vpn-fixed-addresses",
    of: two,
    broken: ["address: 10.100.200.1", "address: 10.100.101.2"],
    findings: [
      "vpn.clients[0].address[0]: 10.100.101.2 is in 10.100.101.0/24, of which server vpn-b gives addresses to others; take one outside of every server's range",
    ],
    legal: ["address: 10.100.200.1", "address: 10.100.102.2"],
  },
  {
    rule: "vpn-fixed-addresses",
    of: two,
    broken: ["address: 10.100.200.1", "address: 10.100.255.255"],
    findings: [
      "vpn.clients[0].address[0]: 10.100.255.255 is the last address of 10.100.0.0/16, which no machine can have",
    ],
    legal: ["address: 10.100.200.1", "address: 10.100.255.254"],
  },
  {
    rule: "vpn-fixed-addresses-are-unique",
    of: two,
    broken: ["address: 10.100.200.2", "address: 10.100.200.1"],
    findings: ["vpn.clients[1].address[0]: 10.100.200.1 is already the address of client host1"],
    legal: ["address: 10.100.200.2", "address: 10.100.200.3"],
  },
  {
    rule: "vpn-fixed-addresses-are-unique",
    of: three,
    broken: ["address: 10.100.200.2", "address: 10.100.201.2"],
    findings: ["vpn.clients[1].address[0]: 10.100.201.2 is in 10.100.201.0/24, which is behind client host1"],
    legal: ["address: [10.100.200.1,", "address: [10.100.201.1,"],
  },
  {
    rule: "vpn-outer-addresses",
    of: two,
    broken: ["backbone: 10.200.200.2", "backbone: 10.100.7.1"],
    findings: ["vpn.servers[1].backbone: 10.100.7.1 is in the pool; a server needs one outside of it"],
    legal: ["backbone: 10.200.200.2", "backbone: 10.200.7.1"],
  },
  {
    rule: "vpn-outer-addresses",
    of: two,
    broken: ["backbone: 10.200.200.2", "backbone: 10.200.200.1"],
    findings: ["vpn.servers[1].backbone: 10.200.200.1 is already an address of server vpn-a"],
    legal: ["backbone: 10.200.200.2", "backbone: 10.200.200.3"],
  },
  {
    rule: "vpn-pool-leaves-backbone",
    of: three,
    broken: ['pool: [10.100.0.0/16, "fd00:100::/48"]', 'pool: [10.100.0.0/16, "fd68:6f6c:6466::/48"]'],
    findings: [
      "vpn.pool[1]: fd68:6f6c:6466::/48 overlaps fd68:6f6c:6466::/96, in which the servers have their addresses; take another unique local prefix (RFC 4193)",
    ],
    legal: ['pool: [10.100.0.0/16, "fd00:100::/48"]', 'pool: [10.100.0.0/16, "fd00:100::/47"]'],
  },
  {
    rule: "vpn-servers-meet",
    of: three,
    broken: ['address: [203.0.113.30, "2001:db8::30"]', 'address: "2001:db8::30"'],
    findings: [
      "vpn.servers[2].address: vpn-c has IPv6 alone and vpn-b IPv4: no tunnel can join them; give one of them both",
    ],
    legal: ["address: 203.0.113.20", "address: 203.0.113.21"],
  },
  {
    rule: "vpn-servers-meet",
    of: two,
    broken: ["address: 203.0.113.20", 'address: "2001:db8::20"'],
    findings: [
      "vpn.servers[1].address: vpn-b has IPv6 alone and vpn-a IPv4: no tunnel can join them; give one of them both",
    ],
    legal: ["address: 203.0.113.20", 'address: [203.0.113.20, "2001:db8::20"]'],
  },
];
