import { paths } from "./paths.js";
import { realTimePriorities } from "./real-time.js";
import type { VpnService } from "./vpn/vpn-services.js";

export type DaemonName =
  | "keepalived"
  | "haproxy"
  | "conntrackd"
  | "holdfast-multiplexer"
  | "holdfast-agent"
  | VpnService;

/** A long-running engine of a node, or VPN server, as systemd runs it there and the lab's supervisor runs it here. */
export interface Daemon {
  readonly name: DaemonName;
  readonly argv: readonly string[];
  /** Nothing is started before this file exists (systemd's ConditionPathExists). */
  readonly requires: string;
  /** Signal that makes it read its configuration again; null where it has none. */
  readonly reload: "SIGHUP" | "SIGUSR2" | null;
  /** Milliseconds before it is started again after it died (systemd's RestartSec). */
  readonly restartDelay: number;
  /** Real-time priority (systemd's CPUSchedulingPriority, policy rr); null: it is a program like any other. */
  readonly priority: number | null;
}

export const keepalivedDaemon: Daemon = {
  name: "keepalived",
  argv: [
    "/usr/sbin/keepalived",
    "--dont-fork",
    "--log-console",
    "--log-detail",
    "--use-file",
    paths.keepalivedConf,
  ],
  requires: paths.keepalivedConf,
  reload: "SIGHUP",
  restartDelay: 500,
  priority: realTimePriorities.keepalived,
};

export const haproxyDaemon: Daemon = {
  name: "haproxy",
  argv: [
    "/usr/sbin/haproxy",
    "-W",
    "-f",
    paths.haproxyCfg,
    "-p",
    paths.haproxyPid,
    "-S",
    `${paths.haproxyMaster},mode,600`,
  ],
  requires: paths.haproxyCfg,
  reload: "SIGUSR2",
  restartDelay: 500,
  priority: null,
};

/** It has no way to read its file again: it is restarted, which the kernel's table outlives. */
export const conntrackdDaemon: Daemon = {
  name: "conntrackd",
  argv: ["/usr/sbin/conntrackd", "-C", paths.conntrackdConf],
  requires: paths.conntrackdConf,
  reload: null,
  restartDelay: 500,
  // It gives itself the one of its file (conntrackd.conf(5), Scheduler).
  priority: null,
};

/** `program` is how holdfast itself is started, for instance ["/usr/bin/holdfast"]. */
export const agentDaemon = (program: readonly string[]): Daemon => ({
  name: "holdfast-agent",
  argv: [...program, "agent"],
  // Without a topology it waits for the first one; without a certificate it would be nobody to its peers.
  requires: `${paths.pkiDir}/identity.crt`,
  reload: null,
  restartDelay: 500,
  priority: null,
});

/** Not the agent's child: an agent that is started again costs no switch its session. */
export const multiplexerDaemon = (program: readonly string[]): Daemon => ({
  name: "holdfast-multiplexer",
  argv: [...program, "multiplexer"],
  requires: paths.multiplexerJson,
  reload: "SIGHUP",
  restartDelay: 200,
  priority: null,
});
