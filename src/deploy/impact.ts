import type { ServiceName, Step } from "./steps.js";

type Verb = "start" | "reload" | "restart";

const sentences: Readonly<Record<ServiceName, Readonly<Record<Verb, string>>>> = {
  haproxy: {
    start: "HAProxy starts: its services answer from now on.",
    reload: "HAProxy reloads: open sessions stay with the old worker until hard-stop-after ends them.",
    restart: "HAProxy restarts: every session of a proxy service ends and has to reconnect.",
  },
  keepalived: {
    start: "keepalived starts: the node becomes eligible for the virtual IPs.",
    reload: "keepalived reloads: no role change.",
    restart: "keepalived restarts: the virtual IPs move if this node holds them.",
  },
  "holdfast-agent": {
    start: "The agent starts.",
    reload: "The agent restarts: no session passes through it.",
    restart: "The agent restarts: no session passes through it.",
  },
};

/** What the steps mean for those who use the cluster, worst first. */
export function impactOf(steps: readonly Step[]): string[] {
  const said = steps.flatMap((step) =>
    "service" in step ? [{ verb: step.kind, text: sentences[step.service][step.kind] }] : [],
  );
  const severity: readonly Verb[] = ["restart", "reload", "start"];
  const disturbing = said
    .sort((a, b) => severity.indexOf(a.verb) - severity.indexOf(b.verb))
    .map(({ text }) => text);
  return disturbing.length > 0
    ? disturbing
    : ["No session is dropped, nothing is reloaded, no role changes."];
}
