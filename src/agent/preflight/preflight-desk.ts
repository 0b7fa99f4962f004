import { ApiError } from "../../api/api-error.js";
import type { NodePreflight, PreflightDocument } from "../../api/preflight.js";
import type { Render } from "../../deploy/rendered.js";
import { messageOf, Refusal } from "../../fleet/refusal.js";
import { told } from "../../fleet/told.js";
import type { Host } from "../../host/host.js";
import { type Asked, answeredOf } from "../../preflight/asked.js";
import { compared } from "../../preflight/compare.js";
import { worstOf } from "../../preflight/finding.js";
import type { Cluster } from "../../topology/cluster.js";
import { lookAround } from "./look.js";

/** A peer's agent, as one that looks around for this one. */
export interface Scout {
  readonly node: string;
  /** Rejects soon where nobody answers: to look around takes long. */
  reach(): Promise<unknown>;
  look(topology: string): Promise<NodePreflight>;
}

export interface PreflightParts {
  readonly node: string;
  readonly clusterName: string;
  readonly programVersion: string;
  readonly host: Host;
  readonly render: Render;
  /** The topology that runs, as it was written; null before the first. */
  readonly current: () => Promise<string | null>;
  /** What arrives of the peers' beats; null while no topology runs. */
  readonly beats: () => NodePreflight["beats"];
  /** The process that mirrors; null while none does. */
  readonly mirror: () => number | null;
  readonly scouts: (cluster: Cluster) => readonly Scout[];
}

type Looked = Omit<NodePreflight, "received" | "answered">;

/** Looks around on this node, and has the others look at the same time. */
export class PreflightDesk {
  private underWay: { readonly topology: string; readonly look: Promise<Looked> } | null = null;

  constructor(private readonly parts: PreflightParts) {}

  /** What this node finds. Whoever asks for the same meanwhile is told the same. */
  async own(topology: string): Promise<NodePreflight> {
    const received = Date.now();
    if (this.underWay !== null && this.underWay.topology !== topology)
      throw new ApiError(409, "it looks around for another topology: try again in ten seconds");
    this.underWay ??= { topology, look: this.look(topology).finally(() => (this.underWay = null)) };
    const looked = await this.underWay.look;
    return { ...looked, received, answered: Date.now() };
  }

  /** What all nodes find, and what comes of comparing it. @param written null: the topology that runs */
  async all(written: string | null): Promise<PreflightDocument> {
    const topology = written ?? (await this.parts.current());
    if (topology === null)
      throw new ApiError(404, "this node has no topology yet: name the one that it is to get with -f FILE");
    const { cluster } = await told(this.parts.render(topology));
    if (cluster.name !== this.parts.clusterName)
      throw new Refusal(
        `this topology is of cluster ${cluster.name}; this agent serves ${this.parts.clusterName}`,
      );
    if (cluster.nodes.length === 0)
      throw new Refusal(`preflight looks at load balancers, and cluster ${cluster.name} has none`);
    const self: Scout = { node: this.parts.node, reach: async () => {}, look: () => this.own(topology) };
    const scouts = [self, ...this.parts.scouts(cluster)];
    const asked = await Promise.all(
      cluster.nodes.map(({ name }) =>
        ask(
          name,
          scouts.find(({ node }) => node === name),
          topology,
        ),
      ),
    );
    const findings = compared(cluster, this.parts.node, asked);
    const answered = answeredOf(asked);
    return {
      ...{ cluster: cluster.name, asked: this.parts.node, verdict: worstOf(findings) ?? "unknown" },
      nodes: asked.map(({ node }) => {
        const one = answered.find((each) => each.node === node);
        return { node, active: one?.report.active ?? false, answered: one !== undefined };
      }),
      findings,
    };
  }

  private async look(topology: string): Promise<Looked> {
    const { node, host, programVersion: program } = this.parts;
    const rendered = await told(this.parts.render(topology));
    const looked = await lookAround(host, node, rendered, this.parts.mirror());
    return { node, program, ...looked, beats: this.parts.beats() };
  }
}

async function ask(node: string, scout: Scout | undefined, topology: string): Promise<Asked> {
  if (scout === undefined) return { node, why: "its agent is not known here" };
  try {
    await scout.reach();
    const sent = Date.now();
    const report = await scout.look(topology);
    return { node, sent, got: Date.now(), report };
  } catch (error) {
    return { node, why: messageOf(error) };
  }
}
