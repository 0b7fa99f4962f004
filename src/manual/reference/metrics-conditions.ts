const mirrored = "where this node mirrors a service";
const inline = "a mirror with `via: inline`";
const drilled = "once a drill was run to its end";
const vpn = "on a VPN server";
const balancer = "on a load balancer";

/** What has to be for a metric to be there; those that are not named are there always. */
export const metricConditions: Readonly<Record<string, string>> = {
  holdfast_node_role: balancer,
  holdfast_generation_number: "on a load balancer, after its first apply",
  holdfast_confirm_deadline_timestamp_seconds: "while a generation is on trial",
  holdfast_certificate_expiry_timestamp_seconds: "while it has one",
  holdfast_authority_expiry_timestamp_seconds: "while it has a certificate",
  holdfast_last_role_change_timestamp_seconds: "once it did",
  holdfast_last_failover_gap_seconds: "once it took over",
  holdfast_service_sessions: "services of `mode: proxy`",
  holdfast_ended_sessions_total: "services of `mode: nat`",
  holdfast_server_up: "where there are services, once HAProxy spoke",
  holdfast_server_draining: "where there are services, once HAProxy spoke",
  holdfast_peer_ready: balancer,
  holdfast_peer_maintenance: balancer,
  holdfast_peer_unheard: balancer,
  holdfast_two_owners: balancer,
  holdfast_witness_silent: "with `failover.witness`",
  holdfast_sync_entries: "while conntrackd answers",
  holdfast_sync_silence_seconds: "where something has to arrive",
  holdfast_conntrack_entries: "where the kernel tracks connections",
  holdfast_conntrack_limit: "where the kernel tracks connections",
  holdfast_last_drill_success: drilled,
  holdfast_last_drill_timestamp_seconds: drilled,
  ...each("mirror", mirrored, ["up", "switches", "connected", "refused_total"]),
  ...each("mirror", "once a switch that is mirrored has said who it is", [
    ...["messages_total", "bytes_total", "delivered_total", "dropped_total", "queue_messages", "queue_bytes"],
    ...["lag_seconds", "resyncs_total", "lost_bytes_total", "parted_total", "writes_total"],
  ]),
  ...each("mirror", inline, ["unmatched_total", "shed_total", "expired_total"]),
  ...each("mirror", "for a service that mirrors inline with an audit", ["audit_dropped_total"]),
  ...each("mirror", inline, ["past_multiplexer"]),
  ...each("vpn", vpn, ["counted", "clients", "troubles", "routes"]),
  ...each("vpn", "on a VPN server that has others beside it", ["session_up", "refused_routes"]),
};

function each(of: string, condition: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`holdfast_${of}_${name}`, condition]));
}
