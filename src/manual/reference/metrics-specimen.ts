import { type FaultKind, faultKinds } from "../../agent/judgement/faults.js";
import type { MetricsSnapshot } from "../../agent/metrics/snapshot.js";

/** A node about which everything is known, with one of each thing that has a name of the operator's. */
export const specimen: MetricsSnapshot = {
  ...{ node: "node", cluster: "cluster", programVersion: "0" },
  role: "active",
  faults: Object.fromEntries(faultKinds.map((kind) => [kind, false])) as Record<FaultKind, boolean>,
  drift: [],
  generation: 1,
  confirmBy: 1,
  certificateExpiry: 1,
  authorityExpiry: 1,
  lastRoleChange: 1,
  services: [
    {
      name: "service",
      sessions: 1,
      ended: 1,
      past: 1,
      servers: [{ name: "server", up: true, draining: false }],
    },
  ],
  peers: [{ name: "peer", ready: true, inMaintenance: false }],
  links: [{ network: "network", peer: "peer", silent: false }],
  witnesses: [{ address: "witness", silent: false }],
  rivals: [{ network: "network", peer: "peer", owner: false }],
  lastFailoverGap: 1,
  released: 1,
  sync: { state: "active", silence: 1, entries: 1 },
  table: { entries: 1, limit: 1 },
  mirrors: [
    {
      ...{ service: "openflow", trouble: null, refused: 0 },
      totals: { messages: 0, dropped: 0, resyncs: 0, lostBytes: 0 },
      exchange: { unmatched: 0, shed: 0, expired: 0 },
      audit: { dropped: 0, trouble: null },
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
  vpn: {
    ...{ server: "vpn-a", attached: true, counted: true, troubles: [], clients: [] },
    held: 1,
    peers: [{ server: "vpn-b", state: "Established", imported: 1, refused: 0, prefixes: [] }],
  },
  drills: [{ drill: "switchover", passed: true, at: 1 }],
  process: { startedAt: 1, cpuTime: 1, residentBytes: 1 },
};
