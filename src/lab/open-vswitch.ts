import type { SwitchPlan } from "./layout-plan.js";

const rundir = "/run/openvswitch";
const database = `${rundir}/conf.db`;
const socket = `${rundir}/db.sock`;
export const switchLog = "/run/log/ovs-vswitchd.log";

/**
 * A real Open vSwitch with one bridge, whose own tables are empty and stay so until a controller fills them.
 * The userspace datapath needs no kernel module. Of everything that Open vSwitch writes, nothing leaves /run.
 */
export function switchStart({ devices }: SwitchPlan, datapathId: number): string[][] {
  const id = datapathId.toString(16).padStart(16, "0");
  const bridge = [
    "datapath_type=netdev",
    "protocols=OpenFlow13",
    "fail-mode=secure",
    `other-config:datapath-id=${id}`,
  ];
  return [
    ["mkdir", "-p", rundir],
    ["ovsdb-tool", "create", database, "/usr/share/openvswitch/vswitch.ovsschema"],
    [
      "ovsdb-server",
      database,
      `--remote=punix:${socket}`,
      "--detach",
      "--pidfile",
      "--log-file=/run/log/ovsdb-server.log",
    ],
    [...vsctl, "--no-wait", "init"],
    ["ovs-vswitchd", `unix:${socket}`, "--detach", "--pidfile", `--log-file=${switchLog}`],
    [...vsctl, "add-br", "br0", "--", "set", "bridge", "br0", ...bridge],
    [...vsctl, ...devices.flatMap((device) => ["--", "add-port", "br0", device])],
  ];
}

const vsctl = ["ovs-vsctl", "--timeout=10"];

/** The switch's whole configuration, once and for all, as `holdfast neighbours` says it. */
export function switchConnection({ controller: { address, port } }: SwitchPlan): string[] {
  const target = `tcp:${address.includes(":") ? `[${address}]` : address}:${port}`;
  const own = ["set", "Open_vSwitch", ".", "other_config:max-revalidator=100"];
  // Retries every second instead of backing off to eight; never over the data plane, which is a network of its own.
  const patience = ["max_backoff=1000", "inactivity_probe=5000", "connection_mode=out-of-band"];
  return [
    ...[...vsctl, "set-controller", "br0", target],
    ...["--", "set", "controller", "br0", ...patience],
    ...["--", ...own],
  ];
}

/** Takes from the switch what only brings an idle one back sooner. */
export const switchWithoutHaste = [
  ...vsctl,
  "remove",
  "Open_vSwitch",
  ".",
  "other_config",
  "max-revalidator",
];

/** When the switch had a controller, each time anew: milliseconds since 1970. */
export const connectionTimes = (text: string): number[] =>
  [...text.matchAll(/^([^|]+)\|\d+\|rconn\|[A-Z]+\|br0<->[^ ]+: connected$/gm)].map(([, time = ""]) =>
    Date.parse(time),
  );

/**
 * The log's last word on the connection; the column `is_connected` lags behind it by seconds. In lines such as `...|rconn|INFO|br0<->tcp:10.0.1.100:6653: connected`.
 */
export function connectedBy(text: string): boolean {
  const words = text
    .split("\n")
    .flatMap((line) => /\|rconn\|[A-Z]+\|br0<->[^ ]+: (.*)$/.exec(line)?.[1] ?? []);
  return words.at(-1) === "connected";
}
