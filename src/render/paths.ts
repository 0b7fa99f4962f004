/** Where things stand on a node: the same on a real machine and in the lab. */
export const paths = {
  keepalivedConf: "/etc/keepalived/keepalived.conf",
  keepalivedPid: "/run/keepalived.pid",
  /** keepalived's own answer to signal JSON (keepalived --signum=JSON), written in its /tmp. */
  keepalivedJson: "/tmp/keepalived.json",
  haproxyCfg: "/etc/haproxy/haproxy.cfg",
  haproxyPid: "/run/haproxy.pid",
  /** The worker's CLI (HAProxy management guide, section 9.3), mode 0600. */
  haproxyAdmin: "/run/haproxy/admin.sock",
  /** The master's CLI (HAProxy management guide, section 9.4). */
  haproxyMaster: "/run/haproxy/master.sock",
  conntrackdConf: "/etc/conntrackd/conntrackd.conf",
  /** conntrackd's control socket. */
  conntrackdSocket: "/run/conntrackd.ctl",
  /** While it stands, no second conntrackd starts; one that was killed leaves it behind. */
  conntrackdLock: "/run/conntrackd.lock",
  /** BIRD's control socket, where Debian's unit has it. */
  birdSocket: "/run/bird/bird.ctl",
  rulesV4: "/etc/holdfast/rules.v4",
  rulesV6: "/etc/holdfast/rules.v6",
  sysctl: "/etc/sysctl.d/90-holdfast.conf",
  /** `ip -batch` input. */
  routes: "/etc/holdfast/routes",
  /** The node's name and the Cluster, as the agent reads them. */
  nodeJson: "/etc/holdfast/node.json",
  /** What the multiplexer serves; there where a service's mirror is in the path of its sessions. */
  multiplexerJson: "/etc/holdfast/multiplexer.json",
  /** A line of JSON a second to whoever connects, root alone: what it copies, and how far. */
  multiplexerSocket: "/run/holdfast/multiplexer.sock",
  /** What HAProxy's worker sees as / (HAProxy configuration manual, 3.1, chroot). */
  haproxyRoot: "/var/lib/haproxy",
  /** Who this node is: its certificate, key, the cluster's authority and revocation list (pki/bundle-files.ts). */
  pkiDir: "/etc/holdfast/pki",
  networkUnit: "/etc/systemd/system/holdfast-network.service",
  runDir: "/run/holdfast",
  /** keepalived's track_file: "0" fit, "1" this node must yield. */
  fault: "/run/holdfast/fault",
  /** HAProxy died and is not back yet: its unit's mark, with which it moves the virtual IPs where no agent lives. */
  haproxyDied: "/run/holdfast/haproxy-died",
  /** keepalived's vrrp_notify_fifo. */
  vrrpFifo: "/run/holdfast/vrrp.fifo",
  /** What is known of the streams that this node mirrors, for an agent that starts again; root alone reads it. */
  mirrorStreams: "/run/holdfast/mirror-streams.json",
  agentSocket: "/run/holdfast/agent.sock",
  /** What OpenVPN tells its hooks on a VPN server (programs/vpn-event.pl). */
  vpnSocket: "/run/holdfast/vpn.sock",
  stateDir: "/var/lib/holdfast",
} as const;

/** Routing protocol number that marks the static routes as ours (ip-route(8), rtproto). */
export const routeProtocol = 72;
