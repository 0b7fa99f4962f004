import type { Sight } from "../../src/deploy/decide.js";
import { begin, type Next } from "../../src/deploy/decide-coordinator.js";
import { digestOf } from "../../src/deploy/generation.js";
import { LocalParticipant } from "../../src/deploy/local-participant.js";
import type { Participant } from "../../src/deploy/participant.js";
import type { Rendered } from "../../src/deploy/rendered.js";
import type { Proposal } from "../../src/deploy/transaction.js";
import { carryOut } from "../../src/fleet/carry-out.js";
import { vote } from "../../src/fleet/vote.js";
import type { Host } from "../../src/host/host.js";
import { deploy, filesFor } from "./deploying.js";
import { dyingAt } from "./dying-host.js";
import { NodeInMemory } from "./node-in-memory.js";
import { grown, pair } from "./topologies.js";

export type NodeName = "lb-a" | "lb-b";
export const names: readonly NodeName[] = ["lb-a", "lb-b"];

/** Both nodes of the pair with their participants; the network between them always works. */
export class PairInMemory {
  readonly nodes = { "lb-a": new NodeInMemory("lb-a"), "lb-b": new NodeInMemory("lb-b") };
  readonly sick = new Set<NodeName>();
  readonly told: string[] = [];
  now = 1_000_000;
  /** How far the clock on the wall is ahead of that, since somebody set it. */
  setAhead = 0;
  participants = new Map<NodeName, LocalParticipant>();
  /** What a node waits for before it has rendered. */
  rendering: (node: NodeName) => Promise<void> = async () => undefined;
  /** Whether the agent of a node lies dead. */
  /** The node told everybody else to stand still. */
  suspended: (node: NodeName) => void = () => undefined;
  /** The node told that everybody else may go on. */
  resumed: (node: NodeName) => void = () => undefined;
  isDead: (node: NodeName) => boolean = () => false;

  static async running(): Promise<PairInMemory> {
    const both = new PairInMemory();
    for (const name of names) {
      await deploy(both.nodes[name], pair, name);
      await both.startAgent(name);
    }
    return both;
  }

  /** An agent that has just been started on the node, with nothing but its disk. */
  async startAgent(
    name: NodeName,
    host: Host = dyingAt(this.nodes[name], Number.POSITIVE_INFINITY, true).host,
  ) {
    const participant = new LocalParticipant({
      node: name,
      host,
      programVersion: "test",
      render: async (): Promise<Rendered> => {
        await this.rendering(name);
        return { cluster: grown, files: filesFor(grown, name), digest: digestOf(grown, "test") };
      },
      reach: async () => ({ reached: [], unreached: [] }),
      fitness: async () => (this.sick.has(name) ? ["HAProxy does not answer"] : []),
      answers: async () => ({ endpoints: name === "lb-a" ? ["10.0.1.100:6653"] : [] }),
      holds: async () => (name === "lb-a" ? 1 : 0),
      now: () => this.now + this.setAhead,
      steady: () => this.now,
      tell: (sentence) => this.told.push(sentence),
      suspend: async () => this.suspended(name),
      resume: () => this.resumed(name),
      undisturbed: (work) => work(),
      patience: { timeout: 3, pause: 1 },
    });
    this.participants.set(name, participant);
    await participant.start();
    return participant;
  }

  participant(name: NodeName): LocalParticipant {
    const found = this.participants.get(name);
    if (found === undefined) throw new Error(`${name} has no agent`);
    return found;
  }

  proposal(confirmTimeout: number | null, id = "one"): Proposal {
    return {
      id,
      coordinator: "lb-a",
      participants: [...names],
      without: [],
      generation: { number: 2, digest: digestOf(grown, "test") },
      author: "anna",
      message: "one more controller",
      plans: null,
      confirmTimeout,
      patience: 3_000,
    };
  }

  change(confirmTimeout: number | null) {
    return this.carry(begin(this.proposal(confirmTimeout), ["lb-b", "lb-a"]), confirmTimeout);
  }

  vote(decision: "keep" | "abort", confirmTimeout: number) {
    return this.carry(vote(this.proposal(confirmTimeout), "lb-a", decision), confirmTimeout);
  }

  /** As lb-a's agent; a dead agent asks nobody any more. */
  carry(start: Next, confirmTimeout: number | null) {
    return carryOut(
      start,
      {
        proposal: this.proposal(confirmTimeout),
        topology: "grown",
        own: this.participant("lb-a"),
        peers: new Map([["lb-b", this.#whileAlive(this.participant("lb-b"))]]),
      },
      () => undefined,
    );
  }

  #whileAlive(peer: Participant): Participant {
    return new Proxy(peer, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== "function") return value;
        return async (...args: unknown[]) => {
          if (this.isDead("lb-a")) throw new Error("the coordinator is dead");
          return value.apply(target, args);
        };
      },
    });
  }

  /** Every node asks the other and acts, until nothing changes any more. */
  async settleAll(): Promise<void> {
    for (let round = 0; round < 6; round++)
      for (const name of names) {
        const [other = name] = names.filter((one) => one !== name);
        const own = await this.participant(name).record();
        const record = await this.participant(other).record();
        const id = own?.proposal.id;
        const sight: Sight =
          record === null ? "nothing" : record.proposal.id === id ? record.phase : "elsewhere";
        await this.participant(name).settle(new Map([[other, sight]]));
      }
  }

  /** All that a change may touch on a node, without the protocol's own record. */
  stateOf(name: NodeName) {
    const { files, ...rest } = this.nodes[name].state();
    return {
      ...rest,
      files: Object.fromEntries(Object.entries(files).filter(([path]) => !/transaction\.json/.test(path))),
    };
  }

  /** Files that somebody began and left. */
  leftovers(name: NodeName): string[] {
    return [...this.nodes[name].files.keys()].filter(
      (path) => /journal\.json$/.test(path) || path.endsWith(".holdfast-new"),
    );
  }
}
