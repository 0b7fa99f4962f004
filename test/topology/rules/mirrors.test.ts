import * as mirrors from "../../../src/topology/rules/mirrors.js";
import { describeRules } from "./describe-rules.js";

const to = "{ name: master, address: 10.0.2.10, port: 6653 }";

const second = (port: number) => `
  - name: other
    listen: { virtual_ip: edge-vip, port: 6660 }
    mode: nat
    servers: [{ name: c4, address: 10.0.2.14, port: 6660 }]
    mirror: { to: { name: master, address: 10.0.2.10, port: ${port} } }

nat:
`;

const shared = (rest: string) =>
  [
    "    servers:",
    `    mirror: { to: { name: m, address: 10.0.2.99, port: 6653 }, ${rest} }\n    servers:`,
  ] as const;

const audited = (file: string) => `
  - name: other
    listen: { virtual_ip: controller-ip, port: 6660 }
    mode: proxy
    servers: [{ name: c4, address: 10.0.2.14, port: 6660 }]
    mirror: { to: { name: m, address: 10.0.2.99, port: 6654 }, via: inline, audit: { file: /var/log/holdfast/${file} } }

nat:
`;

const other = `
  - name: other
    listen: { virtual_ip: controller-ip, port: 6660 }
    mode: proxy
    servers: [{ name: c4, address: 10.0.2.14, port: 6660 }]
    mirror: { to: { name: m, address: 10.0.2.99, port: 6654 }, via: inline, writes: forward }

nat:
`;

describeRules(mirrors, {
  multiplexerNeedsProxy: {
    example: "pair",
    broken: [shared("via: inline"), ["mode: proxy ", "mode: nat "]],
    findings: [
      "37:69 services[0].mirror.via: inline stands in the path of a proxy's sessions: mode nat has no sessions of its own",
    ],
    legal: [shared("via: inline")],
  },
  repliesNeedThePath: {
    example: "pair",
    broken: [shared("replies: forward, audit: { file: /var/log/holdfast/audit }"), ["\nnat:\n", other]],
    findings: [
      "37:73 services[0].mirror.replies: beside the path nothing reaches a switch: forward needs via: inline",
      "37:89 services[0].mirror.audit: beside the path nobody hears what controllers say: audit needs via: inline",
      "47:85 services[1].mirror.writes: a master controller whose words reach no switch changes nothing: forward needs replies: forward",
    ],
    legal: [
      shared("via: inline, replies: forward, writes: forward, audit: { file: /var/log/holdfast/audit }"),
    ],
  },
  mirrorReadsPlainText: {
    example: "campus-routed",
    broken: [["type: openflow", "type: tls"]],
    findings: [
      "45:7 services[0].mirror: a copy of what is encrypted tells nothing: leave the mirror out, or check by openflow or tcp",
    ],
    legal: [["type: openflow", "type: tcp"]],
  },
  auditsAreTheirOwn: {
    example: "pair",
    broken: [shared("via: inline, audit: { file: /var/log/holdfast/audit }"), ["\nnat:\n", audited("audit")]],
    findings: [
      "47:92 services[1].mirror.audit.file: /var/log/holdfast/audit is what service openflow writes to",
    ],
    legal: [shared("via: inline, audit: { file: /var/log/holdfast/audit }"), ["\nnat:\n", audited("other")]],
  },
  masterIsNoServer: {
    example: "campus-routed",
    broken: [[to, "{ name: c2, address: 10.0.2.12, port: 6653 }"]],
    findings: [
      "45:32 services[0].mirror.to.address: 10.0.2.12, port 6653, is server c2 of this service: it would get its switches twice",
    ],
    legal: [[to, "{ name: c2, address: 10.0.2.12, port: 6654 }"]],
  },
  masterHearsOfASwitchOnce: {
    example: "campus-routed",
    broken: [["\nnat:\n", second(6653)]],
    findings: [
      "51:61 services[1].mirror.to.port: 10.0.2.10, port 6653, gets the copy of service openflow already: a switch that knows both would come twice",
    ],
    legal: [["\nnat:\n", second(6654)]],
  },
  masterIsAMachine: {
    example: "campus-routed",
    broken: [[to, "{ name: m, address: 10.0.1.100, port: 6654 }"]],
    findings: [
      "45:31 services[0].mirror.to.address: 10.0.1.100 is virtual IP edge-vip; a master controller is a machine beside the cluster",
    ],
    legal: [[to, "{ name: m, address: 10.0.1.101, port: 6654 }"]],
  },
  masterReachable: {
    example: "campus-routed",
    broken: [[to, "{ name: m, address: 10.77.0.1, port: 6653 }"]],
    findings: [
      "45:31 services[0].mirror.to.address: master controller m (10.77.0.1) is on none of the networks and behind none of the routes",
    ],
    legal: [[to, "{ name: m, address: 192.168.10.9, port: 6653 }"]],
  },
  masterNameIsItsOwn: {
    example: "campus-routed",
    broken: [[to, "{ name: master, address: 10.0.2.20, port: 6653 }"]],
    findings: [
      "45:19 services[0].mirror.to.name: master is already the name of a lab host with another address",
    ],
    legal: [[to, "{ name: other, address: 10.0.2.20, port: 6653 }"]],
  },
});
