import { OwnNode, type OwnNodeParts } from "../../src/agent/daemon/own-node.js";
import { answer } from "../../src/agent/renderer/answer.js";
import { type Rendered, TopologyError } from "../../src/deploy/rendered.js";
import { MaintenanceBook } from "../../src/fleet/maintenance-book.js";
import type { Member, Move } from "../../src/fleet/member.js";
import type { Standing } from "../../src/fleet/standing.js";
import { nodeDown } from "../../src/observe/node.js";
import { distributions, usual } from "../../src/render/engines.js";
import type { Cluster } from "../../src/topology/cluster.js";
import { NodeInMemory } from "../deploy/node-in-memory.js";

/** A node as in production, except that its engines stand in memory and that it moves no virtual IP. */
export class NodeOfFleet {
  readonly host: NodeInMemory;
  programVersion = "test";
  /** What its engines say of it. */
  standing: Standing;
  holds = 0;
  /** What is wrong with it as soon as it runs another generation. */
  sick: string | null = null;
  /** What it was asked to do in order to move the virtual IPs. */
  readonly moved: string[] = [];

  constructor(readonly name: string) {
    this.host = new NodeInMemory(name);
    this.standing = {
      ...nodeDown(name),
      role: "standby",
      haproxy: { process: "running" },
      agent: { faults: [] },
      healthy: true,
    };
  }

  readonly render = async (topology: string): Promise<Rendered> => {
    const { name: node, programVersion } = this;
    const made = answer({ topology, node, programVersion, engines: distributions[usual] });
    if ("problems" in made) throw new TopologyError(made.problems.join("\n"));
    return made;
  };

  async member(cluster: () => Cluster | null, peers: () => readonly Member[]) {
    const book = await MaintenanceBook.open(this.host, () => undefined);
    const member = new Unmoved(this, {
      node: this.name,
      host: this.host,
      programVersion: this.programVersion,
      render: this.render,
      holds: async () => this.holds,
      now: () => Date.now(),
      steady: () => performance.now(),
      tell: () => undefined,
      reach: async () => ({ reached: [], unreached: [] }),
      fitness: async () => ((await this.#runsFirst()) || this.sick === null ? [] : [this.sick]),
      answers: async () => ({ endpoints: this.holds > 0 ? ["10.0.1.100:6653"] : [] }),
      patience: { timeout: 100, pause: 1 },
      book,
      cluster,
      peers,
      standing: async () => this.standing,
      stepBack: () => null,
      suspend: async () => undefined,
      resume: () => undefined,
      undisturbed: (work) => work(),
      planned: () => undefined,
    });
    await member.start();
    return { member, book };
  }

  /** All of it that a change may touch, but for the record of that change. */
  state() {
    const { files, ...rest } = this.host.state();
    const lasting = Object.entries(files).filter(
      ([path]) => !/\/var\/lib\/holdfast\/(transaction|maintenance)\.json$/.test(path),
    );
    return { ...rest, files: Object.fromEntries(lasting) };
  }

  async #runsFirst(): Promise<boolean> {
    return ((await this.host.read("/etc/haproxy/haproxy.cfg")) ?? "").includes("10.0.2.19") === false;
  }
}

/** A node's own member, which remembers planned moves instead of carrying them out. */
class Unmoved extends OwnNode {
  constructor(
    private readonly of: NodeOfFleet,
    parts: OwnNodeParts,
  ) {
    super(parts);
  }

  override async survey() {
    return { ...(await super.survey()), programVersion: this.of.programVersion };
  }

  override async takeOver({ from, aside }: Move) {
    this.of.moved.push(`take over from ${[...aside, from].join(", ")}`);
    return { at: Date.UTC(2026, 10, 3, 14, 2), gap: 4 };
  }
}
