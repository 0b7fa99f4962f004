import type { RenderedFile } from "../render/file.js";
import { compareRules } from "../render/kernel-rules.js";
import { paths } from "../render/paths.js";
import { isVpnServer, vpnServices } from "../render/vpn/vpn-services.js";
import type { Cluster } from "../topology/cluster.js";
import { bodyChanges, type Change, changesBetween, type PresentFile } from "./change.js";
import { detailsOf } from "./details.js";
import { canonical, type Generation, type Manifest, sha256 } from "./generation.js";
import { impactOf } from "./impact.js";
import { type Routing, routingDifferences, wantedRouting } from "./kernel-routing.js";
import { wantedSettings } from "./kernel-settings.js";
import { poolDifferences } from "./pool-differences.js";
import { poolTask } from "./pool-task.js";
import { sessionsOf } from "./sessions.js";
import { type Drift, type ServiceName, type Step, stepsFor } from "./steps.js";
import { vpnImpact } from "./vpn-impact.js";

/** What stands on a node: its files, and what its engines made of them. */
export interface Present {
  /** Every path that is desired or was put there by holdfast; null where there is no file. */
  readonly files: ReadonlyMap<string, PresentFile | null>;
  readonly current: Manifest | null;
  /** Numbers of the generations on its disk. */
  readonly numbers: readonly number[];
  /** What iptables-save and ip6tables-save say. */
  readonly rules: Readonly<Record<4 | 6, string>>;
  /** Values of the kernel settings that are desired; a key that the kernel lacks is absent. */
  readonly settings: ReadonlyMap<string, string>;
  readonly routing: Routing;
  /** HAProxy's answer to `showPool`; null when it does not answer. */
  readonly pool: string | null;
  /** Established sessions of each `nat` service. */
  readonly natSessions: ReadonlyMap<string, number>;
  readonly running: ReadonlySet<ServiceName>;
  /** Those that run by a command that is not a node's own. */
  readonly foreign: ReadonlySet<ServiceName>;
  /** A journal lies there: an apply did not come to its end. */
  readonly interrupted: boolean;
}

/** All that an apply would do to one node: a value to look at, to compare, and to carry out. */
export interface NodePlan {
  readonly node: string;
  readonly from: Generation | null;
  readonly to: Generation;
  readonly changes: readonly Change[];
  /** What a file's change means in an engine: `haproxy  backend openflow: + server c4 10.0.2.14:6653   live, no reload`. */
  readonly details: readonly string[];
  /** Sentences: what the engines lack although their files are right. */
  readonly drift: readonly string[];
  readonly steps: readonly Step[];
  /** Sentences: what it means for those who use the cluster. */
  readonly impact: readonly string[];
  /** Nothing on the node would change. */
  readonly isEmpty: boolean;
}

const nodeServices: readonly { readonly name: ServiceName; readonly requires: string }[] = [
  { name: "conntrackd", requires: paths.conntrackdConf },
  { name: "holdfast-multiplexer", requires: paths.multiplexerJson },
  { name: "haproxy", requires: paths.haproxyCfg },
  { name: "keepalived", requires: paths.keepalivedConf },
  { name: "holdfast-agent", requires: paths.nodeJson },
];

export function planNode(
  node: string,
  cluster: Cluster,
  desired: readonly RenderedFile[],
  present: Present,
  to: Generation,
): NodePlan {
  refuseOtherKind(node, desired, present.current);
  const changes = changesBetween(desired, present.files, present.current);
  const services = [...vpnServices(desired), ...nodeServices];
  const sysctl = desired.find(({ engine }) => engine === "sysctl")?.path ?? paths.sysctl;
  const untouched = (path: string) => !changes.some((change) => change.path === path && bodyChanges(change));
  const lacks = [
    ...([4, 6] as const).map((family) => ({
      about: family,
      sentences: untouched(rulesPath(family)) ? ruleDrift(family, desired, present) : [],
    })),
    { about: "settings" as const, sentences: untouched(sysctl) ? settingDrift(desired, present) : [] },
    {
      about: "routes" as const,
      sentences: untouched(paths.routes)
        ? routingDifferences(wantedRouting(cluster, desired), present.routing)
        : [],
    },
  ];
  const drifts = (about: 4 | 6 | "settings" | "routes") =>
    lacks.some((lack) => lack.about === about && lack.sentences.length > 0);
  const standing = present.files.get(paths.haproxyCfg)?.body ?? "";
  const poolDrift = present.pool === null ? [] : poolDifferences(standing, present.pool);
  const stopped = services
    .filter(
      ({ name, requires }) => desired.some((file) => file.path === requires) && !present.running.has(name),
    )
    .map(({ name }) => name);
  const drift: Drift = {
    rules: { 4: drifts(4), 6: drifts(6) },
    settings: drifts("settings"),
    routes: drifts("routes"),
    pool: poolTask(
      changes.find(({ path }) => path === paths.haproxyCfg),
      desired.find(({ path }) => path === paths.haproxyCfg)?.body ?? "",
      present.pool,
    ),
    stopped,
    foreign: [...present.foreign],
  };
  const steps = stepsFor(changes, drift);
  return {
    node,
    from: present.current && { number: present.current.number, digest: present.current.digest },
    to,
    changes,
    details: detailsOf(changes, steps),
    drift: [
      ...(present.interrupted
        ? ["an apply was interrupted: the next one first puts back what it had done"]
        : []),
      ...lacks.flatMap((lack) => lack.sentences),
      ...poolDrift,
      ...stopped.map((name) => `${name} does not run`),
      ...[...present.foreign].map((name) => `${name} was started by another command than a node's`),
    ],
    steps,
    impact: isVpnServer(desired)
      ? vpnImpact(steps, changes)
      : impactOf(steps, changes, sessionsOf(present.pool, present.natSessions)),
    isEmpty: changes.length === 0 && steps.length === 0 && !present.interrupted,
  };
}

/**
 * The same for the same topology, program and state of the node: a plan that was looked at is the one carried out.
 * Sessions come and go while somebody looks at it: what they would suffer is no part of what it does.
 */
export const planDigest = ({ impact: _, ...plan }: NodePlan): string => sha256(canonical(plan));

/** Why a plan that was looked at is not carried out. */
export const planAgain = "what runs, or the topology, changed since that plan was made: plan again";

/** The engines of one kind would run on beside those of the other. */
function refuseOtherKind(node: string, desired: readonly RenderedFile[], current: Manifest | null): void {
  if (current === null || isVpnServer(current.files) === isVpnServer(desired)) return;
  const kind = (files: readonly { readonly path: string }[]) =>
    isVpnServer(files) ? "a VPN server" : "a load balancer";
  throw new Error(
    `${node} is ${kind(current.files)} and would become ${kind(desired)}: run 'holdfast remove' there first`,
  );
}

export const rulesPath = (family: 4 | 6): string => (family === 4 ? paths.rulesV4 : paths.rulesV6);

function ruleDrift(family: 4 | 6, desired: readonly RenderedFile[], present: Present): string[] {
  const body = desired.find((file) => file.path === rulesPath(family))?.body;
  if (body === undefined) return [];
  const { missing, unexpected } = compareRules(body, present.rules[family]);
  return [
    ...missing.map((rule) => `the kernel lacks the rule ${rule}`),
    ...unexpected.map((rule) => `the kernel has a rule that nobody rendered: ${rule}`),
  ];
}

const settingDrift = (desired: readonly RenderedFile[], present: Present): string[] =>
  wantedSettings(desired)
    .filter(([key, value]) => present.settings.get(key) !== value)
    .map(
      ([key, value]) =>
        `${key} is ${present.settings.get(key) ?? "unknown to the kernel"} instead of ${value}`,
    );
