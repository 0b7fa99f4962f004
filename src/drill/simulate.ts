import type { Cluster } from "../topology/cluster.js";
import { aligned } from "./aligned.js";
import type { Drill, Expectation } from "./drill.js";
import { changesText } from "./judge.js";
import { ms } from "./milliseconds.js";
import { type AnyDrill, isOfVpn } from "./offered.js";
import type { Situation } from "./situation.js";
import { clientNetwork } from "./situation.js";
import type { VpnDrill, VpnExpectation } from "./vpn/vpn-drill.js";

/** What a drill would do to load balancers, and what the switches may see then: by the cluster's own timing. Milliseconds. */
export interface SimulatedDrill extends Omit<Expectation, "sessionsLostAtMost"> {
  readonly drill: string;
  /** With the most preferred node active. */
  readonly injected: string;
  readonly sessionsLost: "all" | "none" | "of one server";
}

/** The same of VPN servers. Who is struck follows from where clients are, which no topology says. */
export interface SimulatedVpnDrill extends VpnExpectation {
  readonly drill: string;
}

export type Simulated = SimulatedDrill | SimulatedVpnDrill;

/** What these drills would do and what may come of it. Nothing is touched, and nobody asked. */
export const simulate = (drills: readonly AnyDrill[], cluster: Cluster): Simulated[] =>
  drills.map((drill) => (isOfVpn(drill) ? simulatedVpn(drill) : simulated(drill, cluster)));

const simulatedVpn = ({ name: drill, expect }: VpnDrill): SimulatedVpnDrill => ({ drill, ...expect });

function simulated(drill: Drill, cluster: Cluster): SimulatedDrill {
  const situation = preferred(cluster);
  const { sessionsLostAtMost, ...expected } = drill.expect(cluster, situation);
  const sessionsLost =
    sessionsLostAtMost === null ? "all" : sessionsLostAtMost === 0 ? "none" : "of one server";
  return {
    drill: drill.name,
    injected: drill.fault.on(situation).text,
    ...expected,
    sessionsLost,
  };
}

/** As it is when nothing has happened yet; that the first server has most sessions is as good a guess as any. */
function preferred(cluster: Cluster): Situation {
  const [active, standby] = cluster.nodes;
  const [server] = cluster.services[0]?.servers ?? [];
  return {
    active: active?.name ?? "",
    standby: standby?.name ?? "",
    network: clientNetwork(cluster),
    busiestServer: { machine: server?.name ?? "", sessions: Number.POSITIVE_INFINITY },
  };
}

const columns = [
  "drill",
  "strikes",
  "virtual IP silent",
  "service silent",
  "moves",
  "sessions",
  "back within",
];
const vpnColumns = ["drill", "clients struck silent", "others silent", "all right after"];

/** One table, or one for each kind. Every time is the longest that passes. */
export function simulationTable(simulations: readonly Simulated[]): string {
  const isVpn = (one: Simulated): one is SimulatedVpnDrill => "struckSilentAtMost" in one;
  const rows = simulations.flatMap((one) => (isVpn(one) ? [] : [row(one)]));
  const vpnRows = simulations.filter(isVpn).map(vpnRow);
  return [...aligned(columns, rows), ...aligned(vpnColumns, vpnRows)].join("\n");
}

const row = (one: SimulatedDrill): string[] => [
  one.drill,
  one.injected,
  ms(one.addressOutageAtMost),
  ms(one.serviceOutageAtMost),
  changesText(one.ownerChanges),
  one.sessionsLost === "none" ? "none lost" : `${one.sessionsLost} may end`,
  one.sessionsLost === "none" ? "-" : ms(one.sessionsBackWithin),
];

const vpnRow = ({
  drill,
  struckSilentAtMost,
  othersSilentAtMost,
  rightWithin,
}: SimulatedVpnDrill): string[] => [drill, ms(struckSilentAtMost), ms(othersSilentAtMost), ms(rightWithin)];
