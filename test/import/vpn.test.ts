import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { importText } from "../../src/cli/import-text.js";
import { importVpn } from "../../src/import/vpn/import.js";
import { loadTopology } from "../../src/topology/load.js";

const a = `# Of the server at the first provider
mgmt_interface = bb0
data_interface = tun0
openvpn_mgmt_port = 5656
openvpn_mgmt_pass_file = /etc/openvpn/pass
cube_routed_port = 4242   # UDP
remote_mgmt_ip = 10.200.200.2
remote_data_ip = 10.100.101.1
`;
const b = a
  .replace("tun0", "tun7")
  .replace("5656", "5657")
  .replace("10.200.200.2", "10.200.200.1")
  .replace("101.1", "100.1");

const imported = (...texts: readonly string[]) =>
  importVpn(texts.map((text, index) => ({ file: `${"ab"[index] ?? "c"}.conf`, text })));

/** Findings as they are printed, without the cure. */
const found = (...texts: readonly string[]): string[] =>
  imported(...texts).findings.map(
    ({ file, line, kind, what, why }) => `${file}:${line} ${kind} ${what}: ${why}`,
  );

/** What a human is to fill in, filled in. */
const filledIn = (topology: string | null): string =>
  ["10.100.0.0/16", "203.0.113.10", "10.100.100.0/24", "203.0.113.20", "10.100.101.0/24"].reduce(
    (text, value) => text.replace(/^( +[a-z]+:) FILL-IN$/m, `$1 ${value}`),
    topology ?? "",
  );

test("each of the seven settings has its place", () => {
  const { topology } = imported(a, b);
  expect(loadTopology(filledIn(topology)).problems).toEqual([]);
  expect(filledIn(topology).replaceAll(/^ *#.*\n/gm, "")).toBe(`cluster: imported

vpn:
  name: overlay
  pool: 10.100.0.0/16
  servers:
    - name: vpn-a
      address: 203.0.113.10
      clients: 10.100.100.0/24
      backbone: 10.200.200.1
      device: tun0
      management: { port: 5656, password_file: "/etc/openvpn/pass" }
    - name: vpn-b
      address: 203.0.113.20
      clients: 10.100.101.0/24
      backbone: 10.200.200.2
      device: tun7
      management: { port: 5657, password_file: "/etc/openvpn/pass" }
  backbone: { device: bb }
`);
});

test("what no file says is said where it is missing, and what goes by another way too", () => {
  const list = found(a, b);
  for (const line of [
    "a.conf:1 look pool: no file says which addresses may be routed",
    "a.conf:8 look vpn-b's clients: no file says which network it gives them addresses of; its own there is 10.100.101.1",
    "b.conf:6 replaced cube_routed_port: BGP carries the routes, in the tunnel; agents talk by mutual TLS",
  ])
    expect(list).toContain(line);
});

test("one file says of the other server what it knows", () => {
  const { topology } = imported(a);
  expect(topology).toMatch(
    /name: vpn-b\n(.+\n){2} +backbone: 10\.200\.200\.2\n +management: \{ port: FILL-IN \}/,
  );
  expect(found(a)).toContain(
    "a.conf:1 look vpn-a's backbone: the other server's file, which says it, was not given",
  );
});

test("a tunnel whose name cannot be that of a pair gets another, and that is said", () => {
  const tun1 = a.replace("bb0", "tun1");
  expect(imported(tun1, b).topology).not.toMatch(/^ {2}backbone:/m);
  expect(found(tun1, b).filter((line) => line.includes("the tunnel's device"))).toEqual([
    "a.conf:2 replaced the tunnel's device: a pair of servers has a number, which ends the device's name: it is bb0 now",
  ]);
});

describe("a line that cannot be used is named by its file and number, without what stands in it", () => {
  test.each([
    ["hunter2", "lost this line: it is not NAME = VALUE"],
    ["pass word = hunter2", "lost this line: it is not NAME = VALUE"],
    [" = hunter2", "lost this line: it is not NAME = VALUE"],
    [
      "remote_mgmt_ipp = hunter2",
      "lost remote_mgmt_ipp: cube-routed has no such setting; did you mean `remote_mgmt_ip`?",
    ],
    ["__proto__ = hunter2", "lost __proto__: cube-routed has no such setting"],
    ["remote_mgmt_ip = hunter2", "lost remote_mgmt_ip: its value is not an address"],
    ["remote_mgmt_ip = 127.0.0.1", "lost remote_mgmt_ip: its value is not an address"],
    ["remote_data_ip =", "lost remote_data_ip: its value is not an address"],
    ["openvpn_mgmt_port = 65536", "lost openvpn_mgmt_port: its value is not a port, 1 to 65535"],
    ["openvpn_mgmt_port = 1e3", "lost openvpn_mgmt_port: its value is not a port, 1 to 65535"],
    ["openvpn_mgmt_pass_file = hunter2", "lost openvpn_mgmt_pass_file: its value is not an absolute path"],
    [
      "openvpn_mgmt_pass_file = /etc/../hunter2",
      "lost openvpn_mgmt_pass_file: its value is not an absolute path",
    ],
    ["data_interface = hunter2; reboot", "lost data_interface: its value is not a device"],
  ])("%s", (line, told) => {
    const result = imported(`${line}\ndata_interface = tun5\n`);
    expect(found(`${line}\ndata_interface = tun5\n`)[0]).toContain(`a.conf:1 ${told}`);
    expect(`${JSON.stringify(result)}`).not.toContain("hunter2");
    expect(result.topology).toContain("device: tun5");
  });

  test("the first of two lines that set the same is taken", () => {
    const twice = "data_interface = tun3\ndata_interface = tun4\n";
    expect(imported(twice).topology).toContain("device: tun3");
    expect(found(twice)).toContain("a.conf:2 look data_interface: line 1 sets it too, and was taken");
  });
});

test("what makes no topology is refused with the reason", () => {
  const refused = (...texts: string[]) => imported(...texts).refused;
  expect(refused()).toContain("one of each server");
  expect(refused("hunter2\n")).toMatch(/^a\.conf:1 has no setting of cube-routed/);
  expect(imported("hunter2\n").findings).toEqual([]);
  expect(refused(a, a)).toMatch(/^b\.conf:7 and a\.conf:7 have the same remote_mgmt_ip, 10\.200\.200\.2/);
  expect(refused(a, b, b)).toContain("c.conf is one too many");
  expect(refused(a, `${b}#${"x".repeat(1024 * 1024)}`)).toContain("b.conf is larger than 1 MiB");
});

test("no file breaks a line, steers a terminal, or becomes anything but a topology with places to fill in", () => {
  const nasty = fc.constantFrom(
    ...[
      "\n",
      "\r",
      "\u2028",
      "\u001b[2J",
      "\0",
      '"',
      "}",
      "#",
      " # ",
      "=",
      ": ",
      "FILL-IN",
      "::1",
      "fe80::1",
      "tun0",
    ],
    ...[
      "mgmt_interface",
      "remote_mgmt_ip = ",
      "openvpn_mgmt_port=",
      "1",
      "10.0.0.1",
      "/etc/x",
      "\ud800",
      "$&",
    ],
  );
  const hostile = fc.array(fc.oneof(nasty, fc.string({ unit: "binary" })), { maxLength: 30 });
  const file = hostile.map((parts) => `data_interface = tun0\n${parts.join("")}`);
  const ours =
    /^( *# .*|(cluster|vpn):.*| {2}(name|pool|servers|backbone):.*| {4}- name: vpn-[ab]| {6}(address|clients|backbone|device|management): .*|)$/;
  fc.assert(
    fc.property(fc.array(file, { minLength: 1, maxLength: 2 }), (texts) => {
      const result = imported(...texts);
      expect(importText(result, null)).not.toMatch(/[^\P{C}\n]/u);
      for (const { rule } of result.problems) expect(rule).not.toBe("yaml");
      const lines = (result.topology ?? "").split("\n");
      expect(lines.filter((line) => !ours.test(line) || /\p{C}/u.test(line))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
