import { describe, expect, test } from "vitest";
import type { VpnReport } from "../../src/agent/vpn/vpn-report.js";
import type { ReachedAgent } from "../../src/cli/agents.js";
import { lookAtVpnServer } from "../../src/cli/vpn-look.js";
import { RefusedCall, UnreachableError } from "../../src/fleet/client-errors.js";
import type { AgentReport, MachineReport, VpnServerReport } from "../../src/fleet/node-report.js";
import { vpnServerDown } from "../../src/observe/vpn-server.js";

const route = { destination: "10.100.101.0/24", via: "10.200.200.2", origin: "vpn-b", since: 0 };
const vpn: VpnReport = {
  ...{ server: "vpn-a", attached: true, counted: true, troubles: [] },
  ...{ clients: [], held: 0, peers: [] },
};
const report: AgentReport = {
  ...{ program: "0.1.0", certificateExpires: null, transaction: null, unsettled: null, maintenance: null },
  ...{ twoOwners: [], lastTakeover: null },
};
const well: VpnServerReport = {
  ...vpnServerDown("vpn-a"),
  openvpn: [{ service: "openvpn-server@overlay", process: "running" }],
  bird: "running",
  peers: [{ name: "vpn-b", established: true }],
  ...{ vpn, report },
};

const agent = (answer: () => MachineReport): ReachedAgent =>
  ({
    node: "vpn-a",
    client: { call: async (what: string) => (what === "state" ? stateOf(answer()) : answer()) },
  }) as unknown as ReachedAgent;

/** Routes are in the state alone. */
const stateOf = (report: MachineReport) =>
  "vpn" in report ? { vpn: { ...report.vpn, routes: [route] } } : {};

describe("a VPN server", () => {
  test("that is well has no troubles", async () => {
    expect(
      await lookAtVpnServer(
        "vpn-a",
        agent(() => well),
      ),
    ).toEqual({
      ...{ server: "vpn-a", report: { ...vpn, routes: [route] }, troubles: [] },
    });
  });

  test("has the troubles of its watch, of its engines and with the others", async () => {
    const ill: VpnServerReport = {
      ...well,
      bird: "dead",
      peers: [{ name: "vpn-b", established: false }],
      vpn: { ...vpn, troubles: ["BIRD says nothing"] },
    };
    expect(
      await lookAtVpnServer(
        "vpn-a",
        agent(() => ill),
      ),
    ).toMatchObject({
      troubles: ["bird is dead", "no routes are exchanged with vpn-b", "BIRD says nothing"],
    });
  });

  test("that is off, does not answer, or has no topology yet says why there is no report", async () => {
    const failing = (error: Error) =>
      agent(() => {
        throw error;
      });
    const silent = new UnreachableError("vpn-a", [
      "10.0.9.2:7443: no route to it",
      "[fd00::2]:7443: no answer",
    ]);
    const blank = agent(() => ({ name: "vpn-a" }) as MachineReport);
    const why = async (asked: ReachedAgent | undefined) => {
      const look = await lookAtVpnServer("vpn-a", asked);
      return look.report === null ? look.why : null;
    };
    expect(await why(undefined)).toBe("is off");
    expect(await why(failing(silent))).toBe(
      "is out of reach: 10.0.9.2:7443: no route to it; [fd00::2]:7443: no answer",
    );
    for (const reason of ["too many requests", "vpn-a: too many requests"])
      expect(await why(failing(new RefusedCall("vpn-a", 429, reason)))).toBe("too many requests");
    expect(await why(failing(new Error("what it says is not understood")))).toBe(
      "what it says is not understood",
    );
    expect(await why(blank)).toBe("has no generation with VPN servers yet");
  });
});
