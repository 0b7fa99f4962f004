import { expect, test } from "vitest";
import type { VpnReportWithRoutes } from "../../src/agent/vpn/vpn-report.js";
import { vpnOverview } from "../../src/cli/vpn-overview.js";

const report = (server: string, more: Partial<VpnReportWithRoutes>): VpnReportWithRoutes => ({
  ...{ server, attached: true, counted: true, troubles: [], clients: [], held: 0, routes: [], peers: [] },
  ...more,
});
const now = Date.parse("2026-01-01T00:01:00Z");

test("each client is of the server that reports it, by its address or the network behind it", () => {
  const since = now / 1000 - 60;
  const begin = "2026-01-01T00:00:00.000Z";
  const { clients } = vpnOverview(
    [
      report("vpn-a", {
        clients: [
          { name: "host1", destination: "10.100.200.1/32", since, session: 4 },
          { name: "host1", destination: "10.100.201.0/24", since, session: 4 },
        ],
      }),
      report("vpn-b", {
        clients: [{ name: "host2", destination: "fd00:100::c8:2/128", since, session: null }],
      }),
    ],
    now,
  );
  expect(clients).toEqual([
    { name: "host1", address: "10.100.200.1", server: "vpn-a", since: begin, session: 4 },
    { name: "host1", address: "10.100.201.0/24", server: "vpn-a", since: begin, session: 4 },
    { name: "host2", address: "fd00:100::c8:2", server: "vpn-b", since: begin, session: null },
  ]);
});

test("a route has its age in whole seconds, never less than none", () => {
  const route = { destination: "10.100.101.0/24", via: "10.200.200.2", origin: "vpn-b" };
  const routes = [
    { ...route, since: now - 2_900 },
    { ...route, since: now + 5_000 },
  ];
  expect(vpnOverview([report("vpn-a", { routes })], now).routes).toEqual([
    { server: "vpn-a", ...route, age_s: 2 },
    { server: "vpn-a", ...route, age_s: 0 },
  ]);
});
