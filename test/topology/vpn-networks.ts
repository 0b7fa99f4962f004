import { parse } from "yaml";
import type { Vpn } from "../../src/topology/cluster.js";
import { draftOf } from "../../src/topology/draft.js";
import { formatPath, type Path } from "../../src/topology/path.js";
import { resolveVpn } from "../../src/topology/resolve-vpn.js";
import type { Rule } from "../../src/topology/rule.js";
import * as vpnRules from "../../src/topology/rules/vpn.js";
import * as addressRules from "../../src/topology/rules/vpn-addresses.js";
import * as engineRules from "../../src/topology/rules/vpn-engines.js";
import { vpnSchema } from "../../src/topology/schema/vpn.js";
import { remainingTopologySchema } from "../../src/topology/schema.js";
import { shapeProblems } from "../../src/topology/shape.js";

export const allVpnRules: readonly Rule[] = [vpnRules, addressRules, engineRules].flatMap((file): Rule[] =>
  Object.values(file),
);

/** Two servers, IPv4, every default. */
export const two = `
name: overlay
pool: 10.100.0.0/16
servers:
  - { name: vpn-a, address: 203.0.113.10, clients: 10.100.100.0/24, backbone: 10.200.200.1, management: { socket: /run/openvpn/overlay.sock, password_file: /etc/openvpn/pass } }
  - { name: vpn-b, address: 203.0.113.20, clients: 10.100.101.0/24, backbone: 10.200.200.2, management: { port: 5656 } }
clients:
  - { name: host1, address: 10.100.200.1 }
  - { name: host2, address: 10.100.200.2 }
`;

/** Three servers, both families, TCP, a network behind a client, certificates that several clients have. */
export const three = `
name: overlay
pool: [10.100.0.0/16, "fd00:100::/48"]
servers:
  - { name: vpn-a, address: [203.0.113.10, "2001:db8::10"], clients: [10.100.100.0/24, "fd00:100:0:a::/64"], backbone: 10.200.200.1, management: { port: 5656 } }
  - { name: vpn-b, address: 203.0.113.20, proto: tcp, port: 443, clients: [10.100.101.0/24, "fd00:100:0:b::/80"], backbone: 10.200.200.2, device: tun7, management: { socket: /run/openvpn/overlay.sock } }
  - { name: vpn-c, address: [203.0.113.30, "2001:db8::30"], clients: [10.100.102.0/25, "fd00:100:0:c::/112"], backbone: 10.200.200.3, management: { address: "::1", port: 5656 } }
backbone: { device: core, port: 20000, proto: tcp }
clients:
  - { name: host1, address: [10.100.200.1, "fd00:100::1"], subnets: [10.100.201.0/24, "fd00:100:0:d::/64"] }
  - { name: Host_2@example, address: 10.100.200.2 }
duplicate_cn: true
`;

const letters = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];

/** Nine servers, of which two reflect routes. */
export const nine = `
name: overlay
pool: [10.100.0.0/16, "fd00:100::/64"]
servers:
${letters
  .map(
    (letter, index) =>
      `  - { name: vpn-${letter}, address: 203.0.113.${index + 10}, clients: [10.100.${index + 100}.0/24, "fd00:100::${index + 10}:0:0/96"], backbone: 10.200.200.${index + 1}, management: { port: 5656 } }`,
  )
  .join("\n")}
`;

const nowhere = { line: 1, column: 1 };
const anywhere = {
  at: (path: Path) => ({ path: formatPath(["vpn", ...path]), position: nowhere }),
  atKey: (path: Path) => ({ path: formatPath(["vpn", ...path]), position: nowhere }),
  readAs: () => {},
};

/** What is wrong, as `path: message`; of the rules only where the shape is right. */
export function problemsOf(text: string, rules: readonly Rule[] = allVpnRules): string[] {
  const parsed = vpnSchema.safeParse(parse(text), { reportInput: true });
  if (!parsed.success)
    return shapeProblems(parsed.error.issues, anywhere).map(({ path, message }) => `${path}: ${message}`);
  const draft = draftOf(remainingTopologySchema.parse({ vpn: parse(text) }));
  return rules.flatMap(({ check }) => check(draft).map(({ at, message }) => `${formatPath(at)}: ${message}`));
}

/** @throws where anything is wrong */
export function vpnOf(text: string): Vpn {
  const problems = problemsOf(text);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return resolveVpn(vpnSchema.parse(parse(text)));
}
