import { expect, test } from "vitest";
import { routesOf } from "../../../src/agent/vpn/report-of.js";
import type { Host } from "../../../src/host/host.js";
import { vpnServerNamed } from "../../../src/topology/vpn-select.js";
import { two, vpnOf } from "../../topology/vpn-networks.js";

const vpn = vpnOf(two);
const server = vpnServerNamed(vpn, "vpn-a");
const presence = { destination: "10.100.200.1/32", name: "host1", since: 1, from: "", cid: 1, arrived: true };
const said = `Table master4:
10.100.101.0/24      unicast [peer-vpn-b 2026-11-30 20:45:31.839] * (100) [i]
	via 10.200.200.2 on bb0
`;

/** BIRD, as `birdc` tells of it. @param exitCode null where it is not answered at all */
const bird = (exitCode: number | null): Pick<Host, "run"> => ({
  async run(_, { take } = {}) {
    take?.(said);
    if (exitCode === null) throw new Error("birdc did not end in time");
    return { exitCode, stdout: "", stderr: "" };
  },
});

test("routes are those of the server's own clients, and what BIRD has of the others", async () => {
  expect(await routesOf(vpn, server, [{ presence, since: 5 }], bird(0))).toEqual([
    { destination: "10.100.200.1/32", via: server.device, origin: "vpn-a", since: 5 },
    {
      ...{ destination: "10.100.101.0/24", via: "10.200.200.2", origin: "vpn-b" },
      since: new Date(2026, 10, 30, 20, 45, 31, 839).getTime(),
    },
  ]);
});

test("none are told where BIRD is dead, hangs, or dies in the middle: some would pass for all", async () => {
  for (const exitCode of [1, null]) expect(await routesOf(vpn, server, [], bird(exitCode))).toBeNull();
});
