import type { DaemonName } from "../render/daemons.js";
import type { FileEngine } from "../render/file.js";
import { paths } from "../render/paths.js";
import { bodyChanges, type Change } from "./change.js";
import type { PoolTask } from "./pool-task.js";
import { vpnSteps } from "./vpn-steps.js";

type Family = 4 | 6;
export type ServiceName = DaemonName;

/** One action that makes an engine take its files, in the order in which a node needs them. */
export type Step =
  | { readonly kind: "reload-units" }
  | { readonly kind: "enable"; readonly unit: string }
  | { readonly kind: "load-rules"; readonly family: Family }
  | { readonly kind: "load-settings" }
  | { readonly kind: "load-routes" }
  /** HAProxy's servers become those of its file while it runs. */
  | { readonly kind: "change-servers" }
  | { readonly kind: "start" | "reload" | "restart" | "stop"; readonly service: ServiceName };

/** What an engine lacks although its files may be right: someone flushed the rules, a daemon does not run. */
export interface Drift {
  readonly rules: Readonly<Record<Family, boolean>>;
  readonly settings: boolean;
  readonly routes: boolean;
  /** What HAProxy needs for its file, whether that changes or not. */
  readonly pool: PoolTask;
  readonly stopped: readonly ServiceName[];
  /** Started by somebody else's command. */
  readonly foreign: readonly ServiceName[];
}

/**
 * Rules before daemons (VRRP must be admitted, the kernel must track sessions), conntrackd and HAProxy before keepalived:
 * who owns the address must know the sessions, and answer. The multiplexer before HAProxy, which connects to it, and when
 * it goes, behind.
 */
export function stepsFor(changes: readonly Change[], drift: Drift): Step[] {
  const touched = (engine: FileEngine) =>
    changes.some((change) => change.engine === engine && bodyChanges(change));
  const units = changes.filter((change) => change.engine === "systemd" && bodyChanges(change));
  const daemon = (service: ServiceName, otherwise: readonly Step[]): readonly Step[] => {
    if (drift.stopped.includes(service)) return [{ kind: "start", service }];
    if (drift.foreign.includes(service) || units.some((unit) => unitName(unit.path) === service))
      return [{ kind: "restart", service }];
    return otherwise;
  };
  const multiplexer = multiplexerNeeds(changes);
  return [
    ...(units.length > 0 ? [{ kind: "reload-units" } as const] : []),
    ...units.filter(isBootUnit).map((unit) => ({ kind: "enable", unit: unitName(unit.path) }) as const),
    ...(touched("iptables") || drift.rules[4] ? [{ kind: "load-rules", family: 4 } as const] : []),
    ...(touched("ip6tables") || drift.rules[6] ? [{ kind: "load-rules", family: 6 } as const] : []),
    ...(touched("sysctl") || drift.settings ? [{ kind: "load-settings" } as const] : []),
    ...(touched("routes") || drift.routes ? [{ kind: "load-routes" } as const] : []),
    ...daemon("conntrackd", conntrackdSteps(changes)),
    ...daemon(
      "holdfast-multiplexer",
      multiplexer === "reload" ? [{ kind: "reload", service: "holdfast-multiplexer" }] : [],
    ),
    ...daemon("haproxy", haproxySteps[drift.pool]),
    ...(multiplexer === "stop" ? [{ kind: "stop", service: "holdfast-multiplexer" } as const] : []),
    ...daemon("keepalived", touched("keepalived") ? [{ kind: "reload", service: "keepalived" }] : []),
    ...vpnSteps(changes, drift.stopped),
    // Last: the agent that carries this out then reads node.json again, without ending.
    ...daemon("holdfast-agent", touched("agent") ? [{ kind: "reload", service: "holdfast-agent" }] : []),
  ];
}

/** It cannot read its file again; where no session is to be kept any more there is no file. */
function conntrackdSteps(changes: readonly Change[]): readonly Step[] {
  const change = changes.find(({ path }) => path === paths.conntrackdConf);
  if (change === undefined || !bodyChanges(change)) return [];
  return [{ kind: change.after === null ? "stop" : "restart", service: "conntrackd" }];
}

/** What the multiplexer, which runs, needs; where no session passes through it any more there is no file. */
function multiplexerNeeds(changes: readonly Change[]): "reload" | "stop" | null {
  const change = changes.find(({ path }) => path === paths.multiplexerJson);
  if (change === undefined || !bodyChanges(change)) return null;
  return change.after === null ? "stop" : "reload";
}

const haproxySteps: Readonly<Record<PoolTask, readonly Step[]>> = {
  nothing: [],
  live: [{ kind: "change-servers" }],
  reload: [{ kind: "reload", service: "haproxy" }],
};

/** `/etc/systemd/system/NAME.service` and its drop-ins `NAME.service.d/*.conf`. */
const unitName = (path: string): string => /\/([^/]+)\.service(\.d\/[^/]+)?$/.exec(path)?.[1] ?? path;

/** A unit of our own that runs once at boot; the daemons' units are enabled when they are started. */
const isBootUnit = (change: Change): boolean =>
  change.kind === "create" && change.path.endsWith("-network.service");

export function describeStep(step: Step): string {
  switch (step.kind) {
    case "reload-units":
      return "systemd reads its units again";
    case "enable":
      return `${step.unit} is enabled at boot`;
    case "load-rules":
      return `${step.family === 4 ? "IPv4" : "IPv6"} rules are loaded`;
    case "load-settings":
      return "kernel settings are loaded";
    case "load-routes":
      return "routes are loaded";
    case "change-servers":
      return "haproxy's servers change while it runs";
    default:
      return `${step.service} is ${{ start: "started", reload: "reloaded", restart: "restarted", stop: "stopped" }[step.kind]}`;
  }
}
