import { slowsAdvertsMuch } from "./adverts.js";
import type { Change } from "./change.js";
import type { ServiceName, Step } from "./steps.js";

interface Consequence {
  readonly service: ServiceName;
  readonly verb: "start" | "reload" | "restart";
  readonly text: string;
}

/** Worst first. */
const consequences: readonly Consequence[] = [
  {
    service: "haproxy",
    verb: "restart",
    text: "HAProxy restarts: every session of a proxy service ends and has to reconnect.",
  },
  {
    service: "keepalived",
    verb: "restart",
    text: "keepalived restarts: the virtual IPs move if this node holds them.",
  },
  {
    service: "haproxy",
    verb: "reload",
    text: "HAProxy reloads: open sessions stay with the old worker until hard-stop-after ends them.",
  },
  { service: "keepalived", verb: "reload", text: "keepalived reloads: no role change." },
  { service: "haproxy", verb: "start", text: "HAProxy starts: its services answer from now on." },
  {
    service: "keepalived",
    verb: "start",
    text: "keepalived starts: the node may take the virtual IPs from now on.",
  },
  { service: "holdfast-agent", verb: "restart", text: "The agent restarts: no session passes through it." },
  { service: "holdfast-agent", verb: "start", text: "The agent starts." },
];

const slower: Consequence = {
  service: "keepalived",
  verb: "reload",
  text: "keepalived reloads with much slower adverts: the standby may take the virtual IPs for a moment.",
};

/** What the plan means for those who use the cluster, worst first. */
export function impactOf(steps: readonly Step[], changes: readonly Change[]): string[] {
  const said = consequences
    .filter(({ service, verb }) =>
      steps.some((step) => "service" in step && step.service === service && step.kind === verb),
    )
    .map((consequence) =>
      consequence.service === slower.service && consequence.verb === slower.verb && slowsAdvertsMuch(changes)
        ? slower
        : consequence,
    );
  return said.length > 0
    ? said.map(({ text }) => text)
    : ["No session is dropped, nothing is reloaded, no role changes."];
}
