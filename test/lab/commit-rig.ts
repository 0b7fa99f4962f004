import { setTimeout as sleep } from "node:timers/promises";
import type { Outcome } from "../../src/api/progress.js";
import { applyTopology } from "../../src/cli/apply-topology.js";
import { type Probe, serviceProbe } from "../../src/drill/probes.js";
import { outage } from "../../src/drill/series.js";
import { labDown } from "../../src/lab/down.js";
import type { Lab } from "../../src/lab/lab.js";
import { disagreement } from "./agreement.js";
import { type Doom, DoomedAgents } from "./doomed-agents.js";
import { ownersOf } from "./promises.js";
import { edited, ensureBuilt, labFor, type Written } from "./topology.js";

/** Milliseconds. */
const probeEvery = 10;
const settleWithin = 60_000;

/** Whose end a case is about. The coordinator is the active node, as it mostly is in practice. */
export type Part = "coordinator" | "other";

/** What became of one change during which somebody met their end. */
export interface Course {
  readonly isNew: boolean;
  /** Who held the virtual IPs before and afterwards. */
  readonly owners: readonly [string, string];
  /** Milliseconds for which the service did not answer at the virtual IP, from the request to the rest. */
  readonly outage: number;
  /** Milliseconds from the return of the victim until all was well. */
  readonly settled: number;
  /** What somebody who followed the change was told. */
  readonly told: string;
  /** What the nodes' agents said of drift meanwhile, and of their faults and roles. */
  readonly said: readonly string[];
}

/** In what somebody meets their end. */
export interface Undertaking {
  /** What comes before, undisturbed. */
  prepare(rig: CommitRig): Promise<unknown>;
  /** How it ended, for those who follow it. */
  go(rig: CommitRig, signal?: AbortSignal): Promise<string>;
}

/** A change of all nodes, from the request to its end. */
export const wholeChange: Undertaking = {
  prepare: async () => undefined,
  go: async (rig, signal) => (await rig.apply({}, signal)).outcome,
};

/** The confirmation of a change on trial. */
export const confirmation = (trial: number): Undertaking => ({
  prepare: (rig) => rig.apply({ confirmTimeout: trial }),
  go: async (rig) => {
    await rig.agents.client(await rig.active()).call("confirm", {});
    return "kept";
  },
});

/** A lab of whose nodes any agent can be made to die in any step of a change, and two topologies to change between. */
export class CommitRig {
  #runs: Written;

  private constructor(
    readonly lab: Lab,
    readonly agents: DoomedAgents,
    private readonly probe: Probe<number>,
    private readonly first: Written,
    private readonly second: Written,
  ) {
    this.#runs = first;
  }

  static async open(first: Written): Promise<CommitRig> {
    ensureBuilt();
    const lab = await labFor(first, { switches: 0 });
    const agents = new DoomedAgents(lab);
    for (const { name } of lab.cluster.nodes) await agents.replace(name);
    const service = { address: "10.0.1.100", port: 6653, greeting: "openflow" } as const;
    const client = lab.machine("client-switches");
    const probe = await serviceProbe(client, { ...service, interval: probeEvery, sessions: 1 });
    const rig = new CommitRig(lab, agents, probe, first, otherThan(first));
    await rig.settled();
    return rig;
  }

  async close(): Promise<void> {
    await labDown(this.lab.cluster.name);
  }

  /** The topology that does not run. */
  get wanted(): Written {
    return this.#runs === this.first ? this.second : this.first;
  }

  get nodes(): string[] {
    return this.lab.cluster.nodes.map(({ name }) => name);
  }

  async active(): Promise<string> {
    const owners = await ownersOf(this.lab);
    const [active] = owners;
    if (active === undefined || owners.length > 1) throw new Error(`the owners are ${owners.join(" and ")}`);
    return active;
  }

  /** The active node for the coordinator, the preferred of the others for the other. */
  async playing(part: Part): Promise<string> {
    const active = await this.active();
    return part === "coordinator" ? active : (this.nodes.find((node) => node !== active) ?? "");
  }

  /** Has the active node's agent bring all to the topology that does not run. */
  async apply(
    terms: { without?: readonly string[]; confirmTimeout?: number } = {},
    signal: AbortSignal = AbortSignal.timeout(60_000),
  ): Promise<Outcome> {
    const active = await this.active();
    const { without = [] } = terms;
    const asked = [active, ...this.nodes.filter((node) => node !== active)].filter(
      (node) => !without.includes(node) && this.lab.agentSocket(node) !== null,
    );
    return applyTopology(
      asked.map((node) => ({ node, client: this.agents.client(node) })),
      { topology: this.wanted.text, ...terms },
      () => undefined,
      signal,
    );
  }

  /** The writes of a change on both parts, in their order. */
  async record(undertaking = wholeChange): Promise<Record<Part, string[]>> {
    await undertaking.prepare(this);
    const [coordinator, other] = [await this.playing("coordinator"), await this.playing("other")];
    const never: Doom = { step: 0, moment: "before", end: "kill" };
    for (const node of [coordinator, other]) await this.agents.arm(node, never);
    const outcome = await undertaking.go(this);
    if (outcome !== "kept") throw new Error(`a change that nothing disturbs was ${outcome}`);
    await this.settled();
    await this.look();
    for (const node of [coordinator, other]) await this.agents.disarm(node);
    return { coordinator: this.agents.steps(coordinator), other: this.agents.steps(other) };
  }

  /** One change, in which the agent (or the node) of one part meets its end and comes back. */
  async endure(part: Part, doom: Doom, undertaking = wholeChange): Promise<Course> {
    await undertaking.prepare(this);
    const victim = await this.playing(part);
    const before = await this.active();
    const from = Date.now();
    await this.agents.arm(victim, doom);
    const stop = new AbortController();
    const change = undertaking
      .go(this, stop.signal)
      .catch((error: Error) => (stop.signal.aborted ? "not known yet" : error.message));
    await this.agents.end(victim, doom, change);
    await this.agents.comeBack(victim, doom);
    return this.#rest(from, before, async () => {
      stop.abort();
      return change;
    });
  }

  /** One change in whose middle something else happens: `blow` begins it itself. */
  async disturb(blow: () => Promise<unknown>): Promise<Course> {
    const before = await this.active();
    const from = Date.now();
    await blow();
    return this.#rest(from, before, async () => "");
  }

  async #rest(from: number, before: string, told: () => Promise<string>): Promise<Course> {
    const settled = await this.settled();
    const silent = outage(this.probe.seen, probeEvery, from, Date.now());
    const isNew = await this.look();
    return {
      isNew,
      owners: [before, await this.active()],
      outage: Math.round(silent),
      settled,
      told: await told(),
      said: await this.#said(new Date(from).toISOString()),
    };
  }

  async #said(since: string): Promise<string[]> {
    const logs = await Promise.all(
      this.nodes.map((node) =>
        this.agents.client(node).call("events", { query: { last: "true", limit: 200 } }),
      ),
    );
    return logs
      .flatMap(({ events }) => events)
      .filter(({ at, kind }) => at >= since && (kind === "role" || kind === "fault" || kind === "drift"))
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .map(({ at, node, kind, text }) => `${at.slice(17, 23)} ${node} ${kind}: ${text}`);
  }

  /** Waits until all run one generation, with nothing left over, and serve. Milliseconds. */
  async settled(): Promise<number> {
    const began = Date.now();
    for (;;) {
      const why = await disagreement(this.lab, this.agents).catch((error: Error) => error.message);
      if (why === null) return Date.now() - began;
      if (Date.now() - began > settleWithin) throw new Error(`not settled: ${why}`);
      await sleep(100);
    }
  }

  /** Which of the two topologies runs now; whether it is another than before. */
  async look(): Promise<boolean> {
    const { topology } = await this.agents.client(await this.active()).call("topology", {});
    const runs = topology === this.first.text ? this.first : this.second;
    const isNew = runs !== this.#runs;
    this.#runs = runs;
    return isNew;
  }
}

/** A server's weight, which changes while HAProxy runs, and a rule of the kernel. */
const otherThan = (topology: Written): Written =>
  edited(
    topology,
    ["address: 10.0.2.11, port: 6653 }", "address: 10.0.2.11, port: 6653, weight: 2 }"],
    [
      "    - { from: controllers,",
      "    - { from: 10.0.2.128/25, outbound: switches, translate_to: { virtual_ip: controller-ip } }\n    - { from: controllers,",
    ],
  );
