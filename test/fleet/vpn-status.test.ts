import { describe, expect, test } from "vitest";
import { statusText } from "../../src/cli/status-text.js";
import type { AgentReport } from "../../src/fleet/node-report.js";
import { mergeStatus } from "../../src/fleet/status.js";
import { noVpnServerSeen, type VpnSighting } from "../../src/fleet/vpn-status.js";
import { exampleCluster } from "../render/examples.js";

const cluster = exampleCluster("overlay");

const report: AgentReport = {
  ...{ program: "0.1.0", certificateExpires: null, transaction: null, unsettled: null, maintenance: null },
  ...{ twoOwners: [], lastTakeover: null },
};

const server = (name: string, changes: Partial<VpnSighting["state"]> = {}): VpnSighting => ({
  state: {
    ...{
      kind: "vpn-server",
      name,
      bird: "running",
      drifts: [],
      generation: { number: 3, digest: "abcdef012345" },
    },
    openvpn: [{ service: "openvpn-server@overlay", process: "running" }],
    peers: [{ name: name === "vpn-a" ? "vpn-b" : "vpn-a", established: true }],
    ...changes,
  },
  ...{ report, troubles: [], clients: 2 },
});

const of = (...servers: VpnSighting[]) => mergeStatus(cluster, [], servers);
const lines = (...servers: VpnSighting[]) =>
  statusText(of(...servers), (_style, text) => text)
    .trimEnd()
    .split("\n")
    .map((line) => line.trim().replace(/ +/g, " "));

describe("the status of VPN servers", () => {
  test("is healthy where each serves, stands as rendered and exchanges routes with the others", () => {
    expect(of(server("vpn-a"), server("vpn-b"))).toMatchObject({ healthy: true, redundant: true, nodes: [] });
    expect(lines(server("vpn-a"), server("vpn-b"))).toEqual([
      "overlay healthy generation 3 (abcdef)",
      "vpn-a serving openvpn bird agent ok 2 clients",
      "vpn-b serving openvpn bird agent ok 2 clients",
    ]);
  });

  test.each<[string, Partial<VpnSighting["state"]>, string]>([
    ["BIRD is dead", { bird: "dead" }, "vpn-b fault bird is dead"],
    [
      "a peer is not heard",
      { peers: [{ name: "vpn-a", established: false }] },
      "vpn-b serving no routes are exchanged with vpn-a",
    ],
    [
      "a file drifts",
      { drifts: ["/etc/bird/bird.conf was changed by hand"] },
      "vpn-b serving /etc/bird/bird.conf was changed by hand",
    ],
  ])("is degraded where %s", (_, changes, line) => {
    const seen = [server("vpn-a"), server("vpn-b", changes)] as const;
    expect(of(...seen)).toMatchObject({ healthy: false, unreachable: false });
    expect(lines(...seen)).toContain(line);
  });

  test("is degraded with two generations, and unreachable where one does not answer", () => {
    const other = server("vpn-b", { generation: { number: 2, digest: "000000000000" } });
    expect(of(server("vpn-a"), other).healthy).toBe(false);
    const silent = [server("vpn-a"), noVpnServerSeen("vpn-b")] as const;
    expect(of(...silent)).toMatchObject({ healthy: false, unreachable: true });
    expect(lines(...silent)).toContain("vpn-b down does not answer");
  });

  test("is no part of the status of load balancers alone", () => {
    expect(mergeStatus(exampleCluster("pair"), [])).not.toHaveProperty("vpn_servers");
  });
});
