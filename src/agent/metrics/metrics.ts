import { Counter, Gauge, Registry } from "prom-client";
import { driftItemSchema } from "../../api/documents.js";
import { syncStates } from "../sync/sync-report.js";
import { holdfast, type Metric, metric, type Sample } from "./metric.js";
import { mirrorMetrics } from "./mirror-metrics.js";
import { type MetricsSnapshot, metricRoles } from "./snapshot.js";
import { vpnMetrics } from "./vpn-metrics.js";

/** A node's metrics in Prometheus' text format, in base units. A value that is not known is left out. */
export function metricsText(snapshot: MetricsSnapshot): Promise<string> {
  const registry = new Registry();
  for (const { name, help, samples } of metricsOf(snapshot)) {
    const labelNames = Object.keys(samples[0]?.[0] ?? {});
    // The text format's word for what only ever grows (and Prometheus' rule for its name).
    const Kind = name.endsWith("_total") ? Counter : Gauge;
    const metric = new Kind({ name, help, labelNames, registers: [registry] });
    for (const [labels, value] of samples) metric.inc(labels, value);
  }
  return registry.metrics();
}

function metricsOf(snapshot: MetricsSnapshot): Metric[] {
  const { node, cluster, role, faults, drift, services, peers, links, rivals, sync, table, drills, process } =
    snapshot;
  return [
    ...holdfast("build_info", "1, with the program's version", [[{ version: snapshot.programVersion }, 1]]),
    // `name` and not `cluster`: that is what whoever scrapes several clusters tells them apart by.
    ...holdfast("cluster_info", "1, with the names of the cluster and of this node", [
      [{ name: cluster, node }, 1],
    ]),
    ...holdfast(
      "node_role",
      "1 for the role that this node has",
      role === null ? [] : oneHot("role", metricRoles, role),
    ),
    ...holdfast(
      "fault",
      "1 while something is wrong with this node itself",
      Object.entries(faults).map(([fault, raised]) => [{ fault }, Number(raised)]),
    ),
    ...holdfast(
      "drift_items",
      "places where this node stands otherwise than its generation",
      driftItemSchema.shape.kind.options.map((kind) => [
        { kind },
        drift.filter((item) => item.kind === kind).length,
      ]),
    ),
    ...holdfast("generation_number", "the generation that runs", single(snapshot.generation)),
    ...holdfast("trial", "1 while the generation that runs is on trial", [
      [{}, Number(snapshot.confirmBy !== null)],
    ]),
    ...holdfast(
      "confirm_deadline_timestamp_seconds",
      "when the generation on trial goes back; absent without a trial",
      single(seconds(snapshot.confirmBy)),
    ),
    ...holdfast(
      "certificate_expiry_timestamp_seconds",
      "when this node's certificate ends",
      single(seconds(snapshot.certificateExpiry)),
    ),
    ...holdfast(
      "authority_expiry_timestamp_seconds",
      "when the certificate of the cluster's authority ends",
      single(seconds(snapshot.authorityExpiry)),
    ),
    ...holdfast(
      "last_role_change_timestamp_seconds",
      "when this node last took over, or lost the virtual IPs",
      single(seconds(snapshot.lastRoleChange)),
    ),
    ...holdfast(
      "service_sessions",
      "sessions through this node now",
      services.flatMap(({ name, sessions }) =>
        sessions === null ? [] : [[{ service: name }, sessions] as const],
      ),
    ),
    ...holdfast(
      "ended_sessions_total",
      "sessions of a nat service that were ended because their server is dead or was removed",
      services.flatMap(({ name, ended }) => (ended === null ? [] : [[{ service: name }, ended] as const])),
    ),
    ...holdfast(
      "server_up",
      "1 while the server passes its check, and gets new sessions",
      services.flatMap(({ name, servers }) =>
        servers.map((server) => [{ service: name, server: server.name }, Number(server.up)] as const),
      ),
    ),
    ...holdfast(
      "server_draining",
      "1 while the server is to get no new sessions: it was taken out of the topology, or has a weight of 0",
      services.flatMap(({ name, servers }) =>
        servers.map((server) => [{ service: name, server: server.name }, Number(server.draining)] as const),
      ),
    ),
    ...holdfast(
      "peer_ready",
      "1 while the peer is heard and fit",
      peers.map(({ name, ready }) => [{ peer: name }, Number(ready)]),
    ),
    ...holdfast(
      "peer_maintenance",
      "1 while the peer is out of service, as this node was told",
      peers.map(({ name, inMaintenance }) => [{ peer: name }, Number(inMaintenance)]),
    ),
    ...holdfast(
      "peer_unheard",
      "1 while the peer lives and is not heard on that network",
      links.map(({ peer, network, silent }) => [{ peer, network }, Number(silent)]),
    ),
    ...holdfast(
      "witness_silent",
      "1 while a witness of failover.witness does not answer this node",
      snapshot.witnesses.map(({ address, silent }) => [{ witness: address }, Number(silent)]),
    ),
    ...holdfast(
      "two_owners",
      "1 while the peer acts as owner of the network's virtual IPs besides this node",
      rivals.map(({ network, peer, owner }) => [{ network, peer }, Number(owner)]),
    ),
    ...holdfast(
      "last_failover_gap_seconds",
      "from the first sign of the last failover to the first answer",
      single(seconds(snapshot.lastFailoverGap)),
    ),
    ...holdfast(
      "released_sessions_total",
      "sessions through the HAProxy of the node before that this node had let go when it took over",
      single(snapshot.released),
    ),
    ...holdfast(
      "sync_state",
      "1 for how this node stands with the sessions of the active node",
      oneHot("state", syncStates, sync.state),
    ),
    ...holdfast(
      "sync_entries",
      "entries that this node's conntrackd would send to one that asks",
      single(sync.entries),
    ),
    ...holdfast(
      "sync_silence_seconds",
      "at the last look, time since something of the peers' conntrackd was found to have arrived; absent where nothing has to",
      single(seconds(sync.silence)),
    ),
    ...holdfast(
      "conntrack_entries",
      "entries in the kernel's connection table",
      single(table?.entries ?? null),
    ),
    ...holdfast(
      "conntrack_limit",
      "entries that it takes at most: what finds no room is dropped",
      single(table?.limit ?? null),
    ),
    ...holdfast(
      "last_drill_success",
      "1 if the drill met its expectation when it was last run to its end",
      drills.map(({ drill, passed }) => [{ drill }, Number(passed)]),
    ),
    ...holdfast(
      "last_drill_timestamp_seconds",
      "when it ended then",
      drills.map(({ drill, at }) => [{ drill }, at / 1_000]),
    ),
    ...mirrorMetrics(snapshot.mirrors, services),
    ...vpnMetrics(snapshot.vpn),
    ...metric("process_resident_memory_bytes", "the agent's memory", single(process.residentBytes)),
    ...metric("process_cpu_seconds_total", "the agent's time on a core", single(seconds(process.cpuTime))),
    ...metric("process_start_time_seconds", "when the agent started", single(seconds(process.startedAt))),
  ];
}

const single = (value: number | null): Sample[] => (value === null ? [] : [[{}, value]]);
const seconds = (milliseconds: number | null): number | null =>
  milliseconds === null ? null : milliseconds / 1_000;

const oneHot = (label: string, values: readonly string[], actual: string): Sample[] =>
  values.map((value) => [{ [label]: value }, Number(value === actual)]);
