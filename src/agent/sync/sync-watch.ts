import type { Logger } from "pino";
import type { BeatSync } from "../beats/beat.js";
import type { Scene, SyncLook } from "./look.js";
import type { SyncEngine } from "./sync-engine.js";
import { type SyncReport, syncNotLooked, syncOff, syncReport } from "./sync-report.js";
import { acted, dueAction, initialSync, looked, type SyncState } from "./sync-state.js";

export interface SyncListener {
  scene(now: number): Scene;
  /** The peers should hear of it at once, or the node is to be judged anew. */
  changed(): void;
  /** It is otherwise than it was. */
  told(report: SyncReport, before: SyncReport): void;
  /** Another run of conntrackd than the one known before answers. */
  renewed(): void;
}

/** Milliseconds between two looks: each costs two short processes. */
const pace = { moving: 150, uneasy: 1_000, asked: 2_000, calm: 20_000 };

/** Milliseconds between two glances at whether the scene is another one, while nobody says that it is. */
const glanceEvery = 1_000;

/**
 * Has conntrackd follow the node's role, and a node that comes back hold what the active node holds. Looks seldom while
 * all is calm, and at once when a role, a publication or a run of conntrackd is another one.
 */
export class SyncWatch {
  private state: SyncState;
  private last: SyncReport = syncNotLooked;
  private seen: SyncLook | null = null;
  private signature = "";
  private nextAt = 0;
  private glancedAt = Number.NEGATIVE_INFINITY;
  private busy = false;
  private wanted = false;
  private stopped = false;

  /** @param known what an earlier watch of this process knew */
  constructor(
    private readonly engine: SyncEngine,
    private readonly on: SyncListener,
    private readonly log: Logger,
    known: SyncState | null = null,
  ) {
    this.state = known ?? initialSync(performance.now());
  }

  /** For the next watch of this process. */
  get known(): SyncState {
    return this.state;
  }

  /** What the peers are told. */
  get word(): BeatSync {
    const { seen, state } = this;
    const answers = seen !== null && seen.engine !== null;
    return {
      instance: answers ? (state.instance ?? 0) : 0,
      epoch: state.epoch,
      entries: seen?.engine?.cached ?? 0,
      pending: state.duty !== "active" && state.pendingSince !== null,
    };
  }

  get report(): SyncReport {
    return this.wanted ? this.last : syncOff;
  }

  /** A role has just changed. */
  soon(now: number): void {
    this.glancedAt = Number.NEGATIVE_INFINITY;
    this.beat(now);
  }

  /** Cheap: to be called with every beat. */
  beat(now: number): void {
    if (this.stopped || this.busy || !this.isWanted(now)) return;
    if (now < this.nextAt && now - this.glancedAt < glanceEvery) return;
    this.glancedAt = now;
    const signature = this.signatureOf(now);
    if (signature === this.signature && now < this.nextAt) return;
    this.signature = signature;
    this.busy = true;
    void this.run()
      .catch((error: unknown) => this.log.warn({ err: error }, "the sync could not be looked at"))
      .finally(() => {
        this.busy = false;
      });
  }

  /** What is under way is not waited for: whatever it does, the next watch may do again. */
  stop(): void {
    this.stopped = true;
  }

  /** Once it is wanted it stays so as long as this watch lives. */
  private isWanted(now: number): boolean {
    if (!this.wanted && now >= this.nextAt) {
      this.wanted = this.engine.isWanted();
      this.nextAt = this.wanted ? now : now + pace.uneasy;
    }
    return this.wanted;
  }

  /** What there is to do is done one after the other, each after a look of its own. */
  private async run(): Promise<void> {
    // A node's part changes twice in a row at most; what is left then has its time.
    for (let left = 3; left > 0; left -= 1) {
      const look = await this.look();
      if (this.stopped) return;
      const { instance } = this.state;
      this.state = looked(this.state, look);
      if (instance !== null && this.state.instance !== instance) this.on.renewed();
      const action = dueAction(this.state, look);
      if (action === null) return this.rest(look);
      const failure = await this.engine.act(action);
      if (this.stopped) return;
      this.state = acted(this.state, action, look, failure);
      if (failure === null) this.log.info({ action }, "conntrackd follows");
      else this.log.warn({ action, why: failure }, "conntrackd does not follow");
      if (action === "ask" || failure !== null) return this.rest(look);
      this.tell(look);
    }
  }

  private async look(): Promise<SyncLook> {
    const engine = await this.engine.look(this.on.scene(performance.now()).role === "active");
    const now = performance.now();
    const time = Math.round(performance.timeOrigin + now);
    return { ...this.on.scene(now), now, time, engine, table: this.engine.table() };
  }

  private rest(look: SyncLook): void {
    this.tell(look);
    this.nextAt = performance.now() + this.pause(look);
  }

  private pause({ engine, isWaitedFor, isSpokenTo, now }: SyncLook): number {
    const { filling, round, pendingSince, receivedAt, failure } = this.state;
    if (filling !== null || (round !== null && now - round.grown < pace.uneasy)) return pace.moving;
    const isQuiet = isSpokenTo && now - receivedAt >= pace.uneasy;
    if (engine === null || pendingSince !== null || isQuiet || failure !== null) return pace.uneasy;
    return isWaitedFor ? pace.asked : pace.calm;
  }

  private tell(look: SyncLook): void {
    const before = this.last;
    const wordBefore = JSON.stringify(this.word);
    this.seen = look;
    const report = syncReport(this.state, look);
    this.last = report;
    const isNews = before.state !== report.state || before.why !== report.why;
    if (isNews) this.on.told(report, before);
    if (isNews || wordBefore !== JSON.stringify(this.word)) this.on.changed();
  }

  private signatureOf(now: number): string {
    const { role, active, isWaitedFor } = this.on.scene(now);
    const word = active?.word;
    // Whoever waits compares itself with what this node said last: that has to be of now.
    const asked = role === "active" && isWaitedFor;
    return [role, active?.node, word?.instance, word?.epoch, this.engine.instance(), asked].join();
  }
}
