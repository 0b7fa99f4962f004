import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../../api/api-error.js";
import type { Calibration, CalibrationRequest } from "../../api/calibration.js";
import type { Host } from "../../host/host.js";
import { atRealTime, realTimePriorities } from "../../render/real-time.js";
import type { RoleChange } from "../agent-listener.js";
import { keepBusy } from "./busy-loops.js";
import { histogram } from "./histogram.js";
import { type Stall, watchTimers } from "./timer-stalls.js";

export interface CalibrationDeskParts {
  readonly node: string;
  readonly host: Pick<Host, "run">;
  readonly isActive: () => boolean;
}

interface UnderWay {
  roleChanges: number;
  /** Ends what is under way once this node becomes active. */
  readonly active: AbortController;
}

/** Measures this node's stalls, one measurement at a time. */
export class CalibrationDesk {
  private underWay: UnderWay | null = null;

  constructor(private readonly parts: CalibrationDeskParts) {}

  /** A virtual router of this node has another role: whoever has just become active carries no load. */
  role({ to }: RoleChange): void {
    if (this.underWay === null) return;
    this.underWay.roleChanges++;
    if (to === "master") this.underWay.active.abort();
  }

  /** @param gone aborts when nobody waits for the answer any more: everything is ended then */
  async measure(request: CalibrationRequest, gone: AbortSignal): Promise<Calibration> {
    const active = this.parts.isActive();
    if (this.underWay !== null)
      throw new ApiError(409, "it measures its stalls already: wait until that has ended");
    if (request.load && active && !request.active_too)
      throw new ApiError(409, "it is active and carries no load unless asked to (--active-too)", {
        active: true,
      });
    const underWay = { roleChanges: 0, active: new AbortController() };
    this.underWay = underWay;
    try {
      const seen = await this.watch(request, AbortSignal.any([gone, underWay.active.signal]));
      gone.throwIfAborted();
      const lengths = seen.stalls.map(({ length }) => length);
      return {
        ...{ node: this.parts.node, active, load: request.load },
        ...{ priority: seen.priority === 0 ? null : seen.priority, processors: availableParallelism() },
        ...{ seconds: seen.seconds, worst: lengths.reduce((most, length) => Math.max(most, length), 0) },
        ...{ histogram: histogram(lengths), role_changes: underWay.roleChanges },
        ended: underWay.active.signal.aborted ? "became-active" : "in-full",
      };
    } finally {
      this.underWay = null;
    }
  }

  private async watch({ seconds, load }: CalibrationRequest, end: AbortSignal): Promise<Seen> {
    const priority = (await this.mayBeRealTime()) ? realTimePriorities.keepalived : 0;
    const timers = await watchTimers([priority]);
    try {
      // A load that outlives its measurement for want of whoever ends it, ends by itself.
      const idle = load ? await keepBusy(seconds + 1) : async () => {};
      const [from, began] = [Date.now(), performance.now()];
      try {
        await sleep(seconds * 1_000, undefined, { signal: end }).catch(() => {});
      } finally {
        await idle();
      }
      const stalls = timers.stalls.filter(({ until }) => until >= from);
      return { priority, seconds: (performance.now() - began) / 1_000, stalls };
    } finally {
      await timers.stop();
    }
  }

  private async mayBeRealTime(): Promise<boolean> {
    return (await this.parts.host.run(atRealTime(realTimePriorities.keepalived, ["true"]))).exitCode === 0;
  }
}

interface Seen {
  readonly priority: number;
  readonly seconds: number;
  readonly stalls: readonly Stall[];
}
