import { describe, expect, test } from "vitest";
import { importPair } from "../../src/import/import.js";

const node = (own: string, peer: string, priority: number): string =>
  `vrrp_instance A {\ninterface eth1\nvirtual_router_id 51\npriority ${priority}\n${own === "" ? "" : `unicast_src_ip ${own}\n`}unicast_peer {\n${peer}\n}\nvirtual_ipaddress {\n10.0.1.100/24\n}\n}\n`;
const line = (device: string, address: string): string =>
  `2: ${device}    inet ${address} scope global ${device}\n`;

function imported(files: readonly string[], addresses: readonly string[]) {
  const result = importPair({
    keepalived: files.map((text, index) => ({ file: `${"ab"[index]}.conf`, text })),
    addresses: addresses.map((text, index) => ({ file: `${"ab"[index]}.addr`, text })),
    ...{ haproxy: null, iptables: [] },
  });
  return { ...result, errors: result.problems.filter(({ severity }) => severity === "error") };
}

const files = [node("10.0.1.2", "10.0.1.3", 150), node("10.0.1.3", "10.0.1.2", 100)];

describe("what --addresses says against what the files say", () => {
  test("files that were given in different orders make no topology", () => {
    const { topology, refused } = imported(files, [line("eth1", "10.0.1.3/24"), line("eth1", "10.0.1.2/24")]);
    expect(topology).toBeNull();
    expect(refused).toBe(
      "a.conf:1: vrrp_instance A speaks from 10.0.1.2, which is not in a.addr but in b.addr; give --addresses in the order of --keepalived",
    );
  });

  test("in the same order they make one without a word about it", () => {
    const { errors, findings } = imported(files, [line("eth1", "10.0.1.2/24"), line("eth1", "10.0.1.3/24")]);
    expect(errors).toEqual([]);
    expect(findings.filter(({ what }) => /speaks from|as a peer/.test(what))).toEqual([]);
  });

  test("an address from which a node speaks, and which it does not have, has to be looked at", () => {
    const { findings } = imported(files, [line("eth1", "10.0.1.9/24"), line("eth1", "10.0.1.3/24")]);
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: "look", file: "a.conf", what: "vrrp_instance A speaks from 10.0.1.2" }),
    );
  });

  test("without an address of its own in the file, a node that would be its own peer has to be looked at", () => {
    const silent = [node("", "10.0.1.3", 150), node("", "10.0.1.2", 100)];
    const { findings } = imported(silent, [line("eth1", "10.0.1.3/24"), line("eth1", "10.0.1.2/24")]);
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: "look", what: "vrrp_instance A has 10.0.1.3 as a peer" }),
    );
  });

  test("of several addresses on one device a node has the one from which it speaks", () => {
    const { topology } = imported(files, [
      line("eth1", "10.0.1.77/24") + line("eth1", "10.0.1.2/24"),
      line("eth1", "10.0.1.3/24"),
    ]);
    expect(topology).toContain("address: 10.0.1.2 ");
    expect(topology).not.toContain("10.0.1.77");
  });
});

test("a bridge that looks alike on both nodes is no network, and does not become the agents' own", () => {
  const bridge = line("docker0", "172.17.0.1/16");
  const { topology, errors, findings } = imported(files, [
    line("eth1", "10.0.1.2/24") + line("eth3", "10.0.9.2/24") + bridge,
    line("eth1", "10.0.1.3/24") + line("eth3", "10.0.9.3/24") + bridge,
  ]);
  expect(errors).toEqual([]);
  expect(topology).toContain("eth3: { cidr: 10.0.9.0/24 }");
  expect(topology).not.toContain("172.17");
  expect(findings.filter(({ what }) => what === "172.17.0.1 on docker0").map(({ file }) => file)).toEqual([
    "a.addr",
    "b.addr",
  ]);
});
