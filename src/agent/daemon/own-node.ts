import { LocalParticipant, type LocalParts } from "../../deploy/local-participant.js";
import type { MaintenanceBook } from "../../fleet/maintenance-book.js";
import type { Member, Move, Takeover } from "../../fleet/member.js";
import type { OwnMember } from "../../fleet/office-parts.js";
import { Refusal } from "../../fleet/refusal.js";
import type { Standing } from "../../fleet/standing.js";
import { takeOver } from "../../fleet/take-over.js";
import type { Cluster } from "../../topology/cluster.js";
import { keptGeneration } from "./node-files.js";

export interface OwnNodeParts extends LocalParts {
  readonly book: MaintenanceBook;
  readonly cluster: () => Cluster | null;
  readonly standing: () => Promise<Standing>;
  readonly peers: (cluster: Cluster) => readonly Member[];
  /** Asks the health watch to step back; null when it does. */
  readonly stepBack: (milliseconds: number) => string | null;
  /** A planned move to this node begins. */
  readonly planned: (by: string) => void;
}

/** This node as a member of its cluster: what peers ask of it, and what its own agent asks of itself. */
export class OwnNode extends LocalParticipant implements OwnMember {
  readonly #parts: OwnNodeParts;

  constructor(parts: OwnNodeParts) {
    super(parts);
    this.#parts = parts;
  }

  async render(topology: string): Promise<void> {
    await this.#parts.render(topology);
  }

  state(): Promise<Standing> {
    return this.#parts.standing();
  }

  /** Waits for a step that is under way: in its middle, what runs and what is kept do not go together. */
  kept(): ReturnType<Member["kept"]> {
    return this.atRest(async () => keptGeneration(this.#parts.host, await this.record(), this.ending));
  }

  meet(notes: Parameters<Member["meet"]>[0]): ReturnType<Member["meet"]> {
    return this.#parts.book.meet(notes);
  }

  async yieldFor(milliseconds: number): Promise<void> {
    const refusal = this.#parts.stepBack(milliseconds);
    if (refusal !== null) throw new Refusal(refusal);
  }

  async takeOver(move: Move): Promise<Takeover> {
    const cluster = this.#parts.cluster();
    if (cluster === null) throw new Refusal(`${this.node} has no topology yet`);
    this.#parts.planned(move.by);
    const isActive = async () => (await this.#parts.standing()).role === "active";
    return takeOver(this.#parts.host, cluster, this.#parts.peers(cluster), move, isActive);
  }
}
