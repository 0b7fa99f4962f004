import { expect, test } from "vitest";
import { metricsText } from "../../../src/agent/metrics/metrics.js";
import type { MetricsSnapshot } from "../../../src/agent/metrics/snapshot.js";

const snapshot: MetricsSnapshot = {
  ...{ node: "lb-a", cluster: "campus", programVersion: "1.2.3" },
  role: "standby",
  faults: {
    "keepalived-gone": false,
    "interface-down": false,
    "network-dead": true,
    "address-missing": false,
    "haproxy-gone": false,
    "rules-missing": false,
  } as MetricsSnapshot["faults"],
  drift: [{ kind: "file" }, { kind: "file" }, { kind: "rules" }],
  generation: 13,
  confirmBy: 1_800_000_060_500,
  certificateExpiry: 1_900_000_000_000,
  authorityExpiry: 2_000_000_000_000,
  lastRoleChange: 1_700_000_000_500,
  services: [
    {
      name: "openflow",
      sessions: 43,
      ended: null,
      past: 2,
      servers: [
        { name: "c1", up: true, draining: false },
        { name: "c2", up: false, draining: true },
      ],
    },
    { name: "web", sessions: null, ended: 12, past: null, servers: [] },
  ],
  peers: [
    { name: "lb-b", ready: true, inMaintenance: false },
    { name: "lb-c", ready: false, inMaintenance: true },
  ],
  links: [
    { network: "switches", peer: "lb-b", silent: false },
    { network: "management", peer: "lb-b", silent: true },
  ],
  witnesses: [
    { address: "10.0.1.1", silent: false },
    { address: "10.0.9.1", silent: true },
  ],
  rivals: [
    { network: "switches", peer: "lb-b", owner: true },
    { network: "servers", peer: "lb-b", owner: false },
  ],
  released: 1_000,
  sync: { state: "complete", silence: 800, entries: 0 },
  table: { entries: 10_250, limit: 262_144 },
  lastFailoverGap: 62,
  mirrors: [
    {
      ...{ service: "openflow", trouble: null, refused: 0 },
      totals: { messages: 0, dropped: 0, resyncs: 0, lostBytes: 0 },
      exchange: { unmatched: 2, shed: 7, expired: 1 },
      audit: { dropped: 4, trouble: null },
      switches: [
        {
          ...{ datapath: "0000000000000001", auxiliary: 0, version: "1.3", client: "192.168.10.5 40000" },
          ...{ state: "live", why: "", messages: 3, bytes: 300, types: { PACKET_IN: 3 } },
          ...{
            queued: { messages: 1, bytes: 100 },
            lag: 20,
            delivered: 2,
            dropped: 0,
            resyncs: 0,
            lostBytes: 0,
          },
          ...{ writes: 0, parted: 0, inherited: false, met: false },
          connection: { messages: 3, dropped: 0, lostBytes: 0 },
        },
      ],
    },
  ],
  vpn: null,
  drills: [
    { drill: "switchover", passed: true, at: 1_700_000_000_000 },
    { drill: "maintenance", passed: false, at: 1_700_000_100_500 },
  ],
  process: { startedAt: 1_700_000_000_000, cpuTime: 1_500, residentBytes: 80_000_000 },
};

test("a scrape tells all of a node, in base units and one-hot", async () => {
  const lines = (await metricsText(snapshot)).split("\n");
  for (const line of [
    'holdfast_build_info{version="1.2.3"} 1',
    'holdfast_node_role{role="active"} 0',
    'holdfast_node_role{role="standby"} 1',
    'holdfast_fault{fault="network-dead"} 1',
    'holdfast_fault{fault="haproxy-gone"} 0',
    'holdfast_drift_items{kind="file"} 2',
    'holdfast_drift_items{kind="route"} 0',
    "holdfast_generation_number 13",
    "holdfast_conntrack_entries 10250",
    "holdfast_conntrack_limit 262144",
    "holdfast_confirm_deadline_timestamp_seconds 1800000060.5",
    "holdfast_trial 1",
    'holdfast_peer_unheard{peer="lb-b",network="management"} 1',
    'holdfast_peer_unheard{peer="lb-b",network="switches"} 0',
    'holdfast_witness_silent{witness="10.0.1.1"} 0',
    'holdfast_witness_silent{witness="10.0.9.1"} 1',
    "holdfast_authority_expiry_timestamp_seconds 2000000000",
    "holdfast_last_role_change_timestamp_seconds 1700000000.5",
    "holdfast_certificate_expiry_timestamp_seconds 1900000000",
    'holdfast_service_sessions{service="openflow"} 43',
    'holdfast_ended_sessions_total{service="web"} 12',
    'holdfast_server_up{service="openflow",server="c1"} 1',
    'holdfast_server_up{service="openflow",server="c2"} 0',
    'holdfast_server_draining{service="openflow",server="c1"} 0',
    'holdfast_server_draining{service="openflow",server="c2"} 1',
    'holdfast_peer_ready{peer="lb-b"} 1',
    'holdfast_peer_maintenance{peer="lb-b"} 0',
    'holdfast_peer_maintenance{peer="lb-c"} 1',
    'holdfast_cluster_info{name="campus",node="lb-a"} 1',
    'holdfast_last_drill_success{drill="switchover"} 1',
    'holdfast_last_drill_success{drill="maintenance"} 0',
    'holdfast_last_drill_timestamp_seconds{drill="maintenance"} 1700000100.5',
    'holdfast_two_owners{network="switches",peer="lb-b"} 1',
    'holdfast_two_owners{network="servers",peer="lb-b"} 0',
    "holdfast_last_failover_gap_seconds 0.062",
    "holdfast_released_sessions_total 1000",
    'holdfast_sync_state{state="complete"} 1',
    'holdfast_sync_state{state="lost"} 0',
    "holdfast_sync_silence_seconds 0.8",
    "holdfast_sync_entries 0",
    'holdfast_mirror_up{service="openflow"} 1',
    'holdfast_mirror_switches{service="openflow"} 1',
    'holdfast_mirror_connected{service="openflow"} 1',
    'holdfast_mirror_messages_total{service="openflow",datapath="0000000000000001",type="PACKET_IN"} 3',
    'holdfast_mirror_queue_bytes{service="openflow",datapath="0000000000000001"} 100',
    'holdfast_mirror_lag_seconds{service="openflow",datapath="0000000000000001"} 0.02',
    'holdfast_mirror_unmatched_total{service="openflow"} 2',
    'holdfast_mirror_shed_total{service="openflow"} 7',
    'holdfast_mirror_expired_total{service="openflow"} 1',
    'holdfast_mirror_audit_dropped_total{service="openflow"} 4',
    'holdfast_mirror_past_multiplexer{service="openflow"} 2',
    "process_resident_memory_bytes 80000000",
    "process_cpu_seconds_total 1.5",
  ])
    expect(lines).toContain(line);
});

test("exactly one role is on, and every metric says what it means", async () => {
  const text = await metricsText(snapshot);
  expect(text.match(/^holdfast_node_role\{.*\} 1$/gm)).toHaveLength(1);
  const names = new Set([...text.matchAll(/^([a-z_]+)[{ ]/gm)].map(([, name]) => name));
  for (const name of names) expect(text).toMatch(new RegExp(`^# HELP ${name} \\S`, "m"));
});

test("what is not known is left out, and one scrape leaves nothing behind for the next", async () => {
  await metricsText(snapshot);
  const text = await metricsText({
    ...snapshot,
    confirmBy: null,
    lastFailoverGap: null,
    generation: null,
    services: [],
  });
  for (const name of ["confirm_deadline", "last_failover_gap", "generation_number", "server_up"])
    expect(text).not.toContain(name);
});

test("a VPN server has no role of a load balancer's, and tells of its clients, its routes and its sessions", async () => {
  const since = 1_700_000_000_000;
  const text = await metricsText({
    ...snapshot,
    role: null,
    vpn: {
      ...{ server: "vpn-a", attached: true, counted: true, troubles: ["BIRD says nothing"] },
      clients: [
        { name: "host1", destination: "10.100.200.1/32", since, session: 1 },
        { name: "host1", destination: "fd00:100::c8:1/128", since, session: 1 },
        { name: "host1", destination: "10.100.100.2/32", since, session: 2 },
      ],
      held: 2,
      peers: [
        { server: "vpn-b", state: "Established", imported: 1, refused: 0, prefixes: [] },
        { server: "vpn-c", state: "Active", imported: 0, refused: 2, prefixes: [] },
      ],
    },
  });
  for (const line of [
    "holdfast_vpn_counted 1",
    "holdfast_vpn_clients 2",
    'holdfast_vpn_routes{server="vpn-a"} 2',
    'holdfast_vpn_routes{server="vpn-b"} 1',
    'holdfast_vpn_session_up{server="vpn-b"} 1',
    'holdfast_vpn_session_up{server="vpn-c"} 0',
    'holdfast_vpn_refused_routes{server="vpn-c"} 2',
    "holdfast_vpn_troubles 1",
  ])
    expect(text.split("\n")).toContain(line);
  expect(text).not.toContain("holdfast_node_role");
  expect(await metricsText(snapshot)).not.toContain("holdfast_vpn");
});
