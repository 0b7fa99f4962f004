import { existsSync } from "node:fs";
import type { Logger } from "pino";
import { paths } from "../../render/paths.js";
import type { Inheritance } from "../inheritance.js";
import { concernsPeers, type Judgement, judged, type Look, noJudgement, type Subject } from "./judgement.js";
import { newsOf } from "./news.js";
import { readTrackFile, writeTrackFile } from "./track-file.js";

export interface JudgeSources {
  /** What is known now. */
  look(now: number): Omit<Look, "now" | "away">;
  /** The peers should hear of it at once. */
  changed(): void;
  /** There is a new judgement. */
  judged(before: Judgement, after: Judgement, now: number): void;
}

/** Keeps the current judgement, and has keepalived follow it by the track file. */
export class Judge {
  private judgement: Judgement;
  /** A planned absence lasts until then (performance.now()). */
  private awayUntil: number;
  private retired = false;

  constructor(
    private readonly subject: Subject,
    private readonly sources: JudgeSources,
    private readonly log: Logger,
    inherited: Pick<Inheritance, "judgement" | "awayUntil"> | null,
  ) {
    this.judgement = inherited?.judgement ?? noJudgement;
    this.awayUntil = inherited?.awayUntil ?? 0;
    if (inherited === null) writeTrackFile(paths.fault, false);
  }

  get current(): Judgement {
    return this.judgement;
  }

  /** Nothing is wrong, and nothing was lately. */
  get isEasy(): boolean {
    const { severity, decision } = this.judgement;
    return severity === 0 && !decision.yield;
  }

  get estate(): Pick<Inheritance, "judgement" | "awayUntil"> {
    return { judgement: this.judgement, awayUntil: this.awayUntil };
  }

  judge(): void {
    if (this.retired) return;
    const now = performance.now();
    const before = this.judgement;
    const look = { ...this.sources.look(now), now, away: now < this.awayUntil };
    const after = judged(before, look, this.subject);
    this.judgement = after;
    // HAProxy's unit writes it too, while it takes this agent for dead.
    const { yield: yielding } = after.decision;
    if (readTrackFile(paths.fault) !== yielding) writeTrackFile(paths.fault, yielding);
    for (const { message, fields } of newsOf(before, after)) this.log.info(fields, message);
    if (concernsPeers(before, after)) this.sources.changed();
    this.sources.judged(before, after, now);
  }

  /** Counts as broken, a little, for a while: the rule that keeps the last fit node in place holds here too. Null, or why not. */
  stepBack(milliseconds: number): string | null {
    if (this.retired) return "the topology is just being replaced";
    this.awayUntil = performance.now() + milliseconds;
    this.judge();
    const { decision } = this.judgement;
    if (decision.yield) return null;
    this.awayUntil = 0;
    this.judge();
    return decision.why;
  }

  /** The judgement stays as it is: what is looked at from now on is no longer watched. */
  retire(): void {
    this.retired = true;
  }

  /** Leaves the node fit, since without an agent VRRP decides alone; what HAProxy's death wrote stays until it is back. */
  end(): void {
    if (!existsSync(paths.haproxyDied)) writeTrackFile(paths.fault, false);
  }
}
