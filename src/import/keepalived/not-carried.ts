import type { FindingKind } from "../finding.js";

/** What becomes of a keyword: kind, why, cure. */
export type Fate = readonly [kind: FindingKind, why: string, cure?: string];

const events = "run what has to be run from 'holdfast events --follow' instead";
const notify: Fate = ["lost", "holdfast runs no scripts at a change of role", events];
const mail: Fate = ["lost", "holdfast sends no mail", events];
const routes: Fate = [
  "lost",
  "routes that move with the virtual IPs are not supported",
  "write it under routes: if every node may have it always",
];
const lvs: Fate = [
  "lost",
  "holdfast balances with HAProxy or netfilter, not with IPVS",
  "write it as a service: mode: nat is what comes nearest",
];

/** Blocks and lines at the top of a file. */
export const topFates: Readonly<Record<string, Fate>> = {
  include: ["lost", "included files are not read", "put their text in place of this line and import again"],
  virtual_server: lvs,
  virtual_server_group: lvs,
  vrrp_track_process: ["replaced", "the agent and HAProxy's own unit watch HAProxy"],
  vrrp_track_file: ["replaced", "the agent has a track file of its own"],
  track_file: ["replaced", "the agent has a track file of its own"],
  static_rules: [
    "lost",
    "policy routing is not supported",
    "keep it in the system's own network configuration",
  ],
  bfd_instance: [
    "lost",
    "with keepalived a standby waits for the missed adverts even after BFD has seen the failure",
    "shorten failover.advert_interval instead",
  ],
  garp_group: ["replaced", "holdfast sets when gratuitous ARP is sent"],
};

/** Lines of `global_defs`. Whatever is not here is a setting of keepalived's that holdfast makes itself. */
export const globalFates: Readonly<Record<string, Fate>> = {
  notification_email: mail,
  notification_email_from: mail,
  smtp_server: mail,
  smtp_helo_name: mail,
  smtp_connect_timeout: mail,
  smtp_alert: mail,
  notify_fifo: notify,
  notify_fifo_script: notify,
  startup_script: notify,
  shutdown_script: notify,
  enable_snmp_vrrp: ["lost", "SNMP is not set up", "the agent has /metrics"],
  enable_snmp_keepalived: ["lost", "SNMP is not set up", "the agent has /metrics"],
  snmp_socket: ["lost", "SNMP is not set up", "the agent has /metrics"],
  net_namespace: ["lost", "holdfast runs keepalived in the machine's own network namespace"],
  use_symlink_paths: ["replaced", "holdfast writes its own global_defs"],
};

/** Lines that an instance and a sync group have alike. */
const alike: Readonly<Record<string, Fate>> = {
  notify,
  notify_master: notify,
  notify_backup: notify,
  notify_fault: notify,
  notify_stop: notify,
  notify_deleted: notify,
  notify_master_rx_lower_pri: notify,
  smtp_alert: mail,
  track_interface: ["replaced", "the agent watches every interface and who answers behind it"],
  track_script: ["replaced", "the agent and HAProxy's own unit watch HAProxy"],
  track_process: ["replaced", "the agent and HAProxy's own unit watch HAProxy"],
  track_file: ["replaced", "the agent has a track file of its own"],
  track_bfd: topFates.bfd_instance as Fate,
};

/** Lines of `vrrp_sync_group`. */
export const groupFates: Readonly<Record<string, Fate>> = {
  ...alike,
  sync_group_tracking_weight: ["replaced", "a node that is not fit yields with all virtual IPs"],
  global_tracking: ["replaced", "a node that is not fit yields with all virtual IPs"],
};

/** Lines and blocks of `vrrp_instance` that become nothing. */
export const instanceFates: Readonly<Record<string, Fate>> = {
  ...alike,
  authentication: [
    "replaced",
    "VRRPv3 has none (RFC 9568, 9): adverts are only let in from the peers' addresses",
  ],
  virtual_routes: routes,
  virtual_rules: ["lost", "rules that move with the virtual IPs are not supported"],
  use_vmac: [
    "lost",
    "a virtual IP has the MAC address of the node that holds it; neighbours learn a new one by gratuitous ARP",
    "see that no switch or router pins the old virtual MAC address",
  ],
  vmac_xmit_base: ["lost", "there is no virtual MAC address"],
  use_ipvlan: ["lost", "virtual IPs stand on the interface itself"],
  promote_secondaries: ["lost", "it is not set", "keep it in the system's own sysctl.d"],
  version: ["replaced", "all instances speak VRRPv3; both nodes have to change in one go"],
  lvs_sync_daemon_interface: ["replaced", "conntrackd keeps the standby's connections"],
  accept: ["replaced", "packets to the virtual IPs are always taken"],
  no_accept: ["lost", "packets to the virtual IPs are always taken"],
  native_ipv6: ["replaced", "IPv6 needs no switch"],
};
