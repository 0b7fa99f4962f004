import { expect, test } from "vitest";
import type { VpnReportWithRoutes } from "../../src/agent/vpn/vpn-report.js";
import type { VpnLook } from "../../src/cli/vpn-look.js";
import { vpnOverview } from "../../src/cli/vpn-overview.js";
import { vpnStatusText } from "../../src/cli/vpn-status-text.js";

const nobody: VpnReportWithRoutes = {
  ...{ server: "vpn-a", attached: true, counted: true, troubles: [] },
  ...{ clients: [], held: 0, routes: [], peers: [] },
};
const look = (report: VpnReportWithRoutes): VpnLook => ({ server: report.server, report, troubles: [] });

const text = (...looks: VpnLook[]): string =>
  vpnStatusText(
    looks,
    vpnOverview(
      looks.flatMap(({ report }) => report ?? []),
      Date.parse("2026-01-01T00:00:00Z"),
    ),
  );

const host1 = { name: "host1", destination: "10.100.200.1/32", since: 1_767_225_600, session: 4 };
const line = "  host1  10.100.200.1              since 2026-01-01T00:00:00.000Z\n";

test("a server that knows has its number of clients, also where that is none", () => {
  expect(text(look(nobody), look({ ...nobody, server: "vpn-b", clients: [host1] }))).toBe(
    `vpn-a   0 clients, 0 routes\nvpn-b   1 client, 0 routes\n${line}`,
  );
});

test("a server that does not answer, or does not know yet, has no number; whoever was heard of is listed", () => {
  const silent: VpnLook = { server: "vpn-b", report: null, why: "is off" };
  expect(text(look({ ...nobody, counted: false, clients: [host1] }), silent)).toBe(
    `vpn-a   ? clients, ? routes\n${line}vpn-b   ? clients, ? routes\n`,
  );
});
