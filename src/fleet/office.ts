import { OneAtATime } from "../deploy/one-at-a-time.js";
import { type Begun, Changes } from "./changes.js";
import { type ApplyRequest, Coordinator } from "./coordinator.js";
import type { DrainCheck } from "./maintenance-check.js";
import {
  checkMaintenance,
  type MaintenanceAnswer,
  type MaintenanceRequest,
  maintain,
} from "./maintenance-desk.js";
import { describe, isUnderWay } from "./obstacle.js";
import type { OfficeParts } from "./office-parts.js";
import { type PlanDocument, planDocument } from "./plan-document.js";
import { Refusal } from "./refusal.js";
import {
  checkSwitchover,
  type SwitchoverAnswer,
  type SwitchoverCheck,
  type SwitchoverRequest,
  switchOver,
} from "./switchover-desk.js";
import { type Confirmed, TrialDesk } from "./trial.js";

/** As of an apply; the topology is that of `generation`. */
export interface RollbackRequest extends Pick<ApplyRequest, "message" | "without" | "confirmTimeout"> {
  /** Null: the trial that runs is to end; nodes of `without` will never say anything to it. */
  readonly generation: number | null;
}

/** What an agent does for its whole cluster when an operator asks. Whatever is refused is thrown as a Refusal. */
export class Office {
  private readonly changes = new Changes();
  private readonly drains = new OneAtATime();
  private readonly coordinator: Coordinator;
  private readonly trials: TrialDesk;

  constructor(private readonly parts: OfficeParts) {
    this.coordinator = new Coordinator(parts, this.changes);
    this.trials = new TrialDesk(parts, this.changes);
  }

  /** What a topology would change on every node. */
  async plan(topology: string, without: readonly string[]): Promise<PlanDocument> {
    return planDocument(await this.coordinator.plan(topology, without));
  }

  /** Begins to bring every node to a topology; `progress` tells how it goes. */
  apply(request: ApplyRequest, author: string): Promise<Begun> {
    return this.coordinator.apply(request, author);
  }

  /** A change's progress from behind number `after` to its end. */
  progress(id: string, after?: number, signal?: AbortSignal): ReturnType<Changes["follow"]> {
    return this.changes.follow(id, after, signal);
  }

  /** Keeps the generation that is on trial; nodes of `without` will never vote. */
  confirm(by: string, without: readonly string[] = []): Promise<Confirmed> {
    return this.trials.confirm(by, without);
  }

  /** Ends the trial at once, or brings back what an older generation said: never one for the other. */
  async rollback(
    { generation, message, without, confirmTimeout }: RollbackRequest,
    author: string,
  ): Promise<Begun> {
    if (generation === null) {
      if (confirmTimeout !== null) throw new Refusal("a trial ends at once and for good");
      return this.trials.abandon(author, without);
    }
    const record = await this.parts.own.record();
    if (record?.phase === "trial")
      throw new Refusal("a generation is on trial: 'holdfast rollback' without a number ends it first");
    if (record !== null && isUnderWay(record)) throw new Refusal(describe(record));
    const topology = await this.parts.topologyOf(generation);
    if (topology === null)
      throw new Refusal(
        `this node does not have the topology of generation ${generation}: 'holdfast history' lists those it has`,
      );
    const why = `rollback to ${generation}${message === "" ? "" : `: ${message}`}`;
    return this.apply({ topology, plan: null, message: why, without, confirmTimeout }, author);
  }

  /** One after the other: each may be about the last node that is ready. */
  maintenance(request: MaintenanceRequest, by: string): Promise<MaintenanceAnswer> {
    return this.drains.run(() => maintain(this.parts, request, by));
  }

  /** No change begins meanwhile through this agent. */
  switchover(request: SwitchoverRequest, by: string): Promise<SwitchoverAnswer> {
    return this.changes.alone(`the switchover of ${by}`, () => switchOver(this.parts, request, by));
  }

  /** What would speak against each planned move, and each drain, that could be asked for now. They look, and change nothing. */
  async switchoverCheck(): Promise<SwitchoverCheck> {
    const check = await checkSwitchover(this.parts);
    const { doing } = this.changes;
    if (doing === null) return check;
    const targets = check.targets.map((target) => ({ ...target, obstacle: doing, forceable: false }));
    return { ...check, targets };
  }

  maintenanceCheck(): Promise<DrainCheck[]> {
    return checkMaintenance(this.parts);
  }
}
