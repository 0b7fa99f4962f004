import { describe, expect, test } from "vitest";
import {
  hasWayBack,
  parseRoutes,
  routingDifferences,
  routingInput,
} from "../../src/deploy/kernel-routing.js";
import { parseSettings, wantedSettings } from "../../src/deploy/kernel-settings.js";
import { ownRules, rulesInput } from "../../src/deploy/kernel-tables.js";
import { paths } from "../../src/render/paths.js";

const saved = `*filter
:INPUT ACCEPT [5:300]
:HOLDFAST-INPUT - [0:0]
:HOLDFAST-OLD - [0:0]
-A INPUT -s 192.0.2.1/32 -j DROP
-A INPUT -j HOLDFAST-INPUT
-A INPUT -j HOLDFAST-OLD
-A HOLDFAST-INPUT -p vrrp -j DROP
COMMIT
`;

test("what is no longer rendered goes in its table's own transaction, other people's rules are not named", () => {
  const wanted =
    "*filter\n:HOLDFAST-INPUT - [0:0]\n-A HOLDFAST-INPUT -p tcp -j ACCEPT\n-I INPUT -j HOLDFAST-INPUT\nCOMMIT\n";
  expect(rulesInput(wanted, saved)).toBe(`*filter
:HOLDFAST-INPUT - [0:0]
:HOLDFAST-OLD - [0:0]
-D INPUT -j HOLDFAST-OLD
-A HOLDFAST-INPUT -p tcp -j ACCEPT
-X HOLDFAST-OLD
COMMIT
`);
});

describe("the chain of a nat service", () => {
  const rendered = (server: string) =>
    `*nat\n:HOLDFAST-openflow - [0:0]\n-A HOLDFAST-openflow -p tcp -j DNAT --to-destination ${server}\nCOMMIT\n`;
  const refusing = rendered("10.0.1.100:6653");

  test("stays as the agent made it when rules are loaded that render it like before", () => {
    expect(rulesInput(rendered("10.0.2.11:6653"), refusing, rendered("10.0.2.11:6653"))).toBe("");
  });

  test("is loaded when it is rendered otherwise, is missing, or was emptied", () => {
    const wanted = rendered("10.0.2.12:6653");
    expect(rulesInput(wanted, refusing, rendered("10.0.2.11:6653"))).toBe(wanted);
    expect(rulesInput(wanted, "", wanted)).toBe(wanted);
    expect(rulesInput(wanted, "*nat\n:HOLDFAST-openflow - [0:0]\nCOMMIT\n", wanted)).toBe(wanted);
  });
});

test("our own part is kept in the form that brings it back", () => {
  expect(rulesInput(ownRules(saved), "")).toBe(ownRules(saved));
  expect(ownRules(saved)).not.toContain("192.0.2.1");
});

test("a setting of a device with a dot in its name is the one that sysctl prints", () => {
  const body = "# comment\nnet/ipv4/conf/eth1.100/rp_filter = 2\n-net.ipv4.ip_forward=1\n";
  const file = {
    path: paths.sysctl,
    mode: 0o644,
    owner: { user: "root", group: "root" },
    body,
    engine: "sysctl" as const,
  };
  expect(wantedSettings([file])).toEqual([
    ["net.ipv4.conf.eth1/100.rp_filter", "2"],
    ["net.ipv4.ip_forward", "1"],
  ]);
  expect(parseSettings("net.ipv4.tcp_rmem = 4096\t131072\t6291456\n").get("net.ipv4.tcp_rmem")).toBe(
    "4096 131072 6291456",
  );
});

test("iproute2's short forms are the rendered ones, and only surplus routes are deleted", () => {
  const json =
    '[{"dst":"default","gateway":"10.0.1.1","dev":"eth1"},{"dst":"10.9.9.9","gateway":"10.0.1.1","dev":"eth1"}]';
  const routes = parseRoutes(json);
  expect(routes.map(({ destination }) => destination)).toEqual(["0.0.0.0/0", "10.9.9.9/32"]);
  const wanted = {
    routes: routes.slice(0, 1),
    links: [{ device: "eth1", mtu: 9000 }],
    wayBack: [4] as const,
  };
  const kernel = { routes, links: [{ device: "eth1", mtu: 1500 }], wayBack: [] };
  expect(routingInput(wanted, kernel, 72)).toBe(
    "link set dev eth1 mtu 9000\nroute replace 0.0.0.0/0 via 10.0.1.1 dev eth1 proto 72\nroute del 10.9.9.9/32 via 10.0.1.1 dev eth1 proto 72\n",
  );
  expect(routingDifferences(wanted, kernel)).toEqual([
    "the kernel has a route that nobody rendered: 10.9.9.9/32 via 10.0.1.1 dev eth1",
    "eth1 has an MTU of 1500 instead of 9000",
    "the kernel lacks the way back of transparent IPv4 sessions",
  ]);
});

test("transparent sessions find back by a rule for their mark and a local route in its table, never by one alone", () => {
  const rules = '[{"priority":72,"src":"all","fwmark":"0x48470000","table":"72","protocol":"72"}]';
  const routes = '[{"type":"local","dst":"default","dev":"lo","table":"72","scope":"host"}]';
  expect(hasWayBack(rules, routes)).toBe(true);
  expect(hasWayBack(rules, "[]")).toBe(false);
  expect(hasWayBack("[]", routes)).toBe(false);
  expect(parseRoutes(routes)).toEqual([]);
});
