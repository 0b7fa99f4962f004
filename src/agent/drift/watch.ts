import type { Logger } from "pino";
import { standingOf } from "../../deploy/pool-live.js";
import type { Host } from "../../host/host.js";
import type { Deviation } from "../../observe/deviation.js";
import {
  damage,
  observeFiles,
  observeRouting,
  observeSettings,
  ruleDeviations,
  type SavedRules,
} from "../../observe/drift.js";
import { type KeptGeneration, readKept } from "../../observe/kept-generation.js";
import { lookAtPool } from "../../observe/pool-look.js";
import type { Chores } from "../chores.js";
import { type Drifted, DriftLedger, type Part } from "./drift-ledger.js";
import { Healer, type HealListener } from "./heal.js";
import type { KernelRules } from "./kernel-rules.js";
import { Looking } from "./looking.js";
import { Signals } from "./signals.js";

export interface DriftListener extends HealListener {
  /** New drift, or known drift that looks otherwise than before. */
  found(items: readonly Drifted[]): void;
  /** Stands again as it should. */
  gone(items: readonly Drifted[]): void;
}

/** Milliseconds between two looks at everything that nothing gave reason to. */
const sweepEvery = 300_000;

const all: readonly Part[] = ["files", "rules", "settings", "routes", "pool"];

/**
 * Watches whether the node stands as its generation says, tells within two seconds where it does not, and puts it back
 * where the topology wants that (`agent.heal: restore`).
 */
export class DriftWatch {
  private readonly ledger = new DriftLedger();
  private readonly looking: Looking;
  private readonly healer: Healer;
  private readonly sweep: NodeJS.Timeout;
  private readonly endRules: () => void;
  private readonly due = new Set<Part>(all);
  /** Null until it is read, and again when it is another one. */
  private kept: KeptGeneration | null = null;
  private signals: Signals | null = null;
  /** How HAProxy's servers stood when that was last told. */
  private standing: string | null = null;
  private rules: SavedRules | null = null;
  private suspended = false;
  /** Milliseconds of performance.now() before which nothing is put back. */
  private healFrom = 0;

  constructor(
    private readonly host: Host,
    private readonly kernelRules: KernelRules,
    private readonly listener: DriftListener,
    private readonly chores: Chores,
    private readonly log: Logger,
  ) {
    this.looking = new Looking(
      () => this.look(),
      (error) => log.warn({ err: error }, "drift could not be looked for"),
    );
    this.healer = new Healer(host, listener);
    this.endRules = kernelRules.onLook((saved) => {
      this.rules = saved;
      this.want("rules");
    });
    this.sweep = setInterval(() => this.want(...all), sweepEvery);
    this.looking.request(0);
  }

  /** All that stands otherwise than the generation now, with when it was first seen. */
  items(): Drifted[] {
    return this.ledger.items();
  }

  /** Takes HAProxy's answer to `showStanding`, which the agent asks for. */
  poolAnswers(answer: string): void {
    let standing: string;
    try {
      standing = standingOf(answer);
    } catch {
      return; // It was cut off, or is some other HAProxy's.
    }
    if (standing !== this.standing) this.want("pool");
    this.standing = standing;
  }

  /** Looks no more, and puts nothing back, until `resume`: an apply begins. Resolves when nothing is under way. */
  async suspend(): Promise<void> {
    this.suspended = true;
    await this.looking.idle();
  }

  /** The apply is over, whatever became of it: everything is looked at anew. */
  resume(): void {
    this.suspended = false;
    this.kept = null;
    this.want(...all);
  }

  async stop(): Promise<void> {
    clearInterval(this.sweep);
    this.endRules();
    await this.looking.stop();
    await this.endSignals();
  }

  private want(...parts: readonly Part[]): void {
    for (const part of parts) this.due.add(part);
    if (!this.suspended) this.looking.request();
  }

  private async look(): Promise<void> {
    if (this.suspended) return;
    const kept = await this.generation();
    if (kept === null) return;
    const due = [...this.due];
    this.due.clear();
    try {
      for (const part of due) {
        const deviations = await this.deviations(part, kept);
        // What an apply has begun to change in the meantime is no drift.
        if (this.suspended || this.kept !== kept) return this.want(...due);
        this.tell(part, deviations);
      }
    } catch (error) {
      this.want(...due);
      throw error;
    }
    if (kept.document?.cluster.agent.heal === "restore") await this.heal(kept);
  }

  private async heal(kept: KeptGeneration): Promise<void> {
    if (performance.now() < this.healFrom) return;
    const pause = await this.healer.heal(kept, this.items());
    if (pause === null) return;
    // Nothing is put back again on the word of an old look.
    await this.kernelRules.now();
    for (const part of all) this.due.add(part);
    this.healFrom = performance.now() + pause;
    setTimeout(() => this.want(...all), pause).unref();
  }

  private tell(part: Part, deviations: readonly Deviation[]): void {
    const { found, gone } = this.ledger.update(part, deviations, new Date(this.host.now()).toISOString());
    if (found.length > 0) this.listener.found(found);
    if (gone.length > 0) this.listener.gone(gone);
  }

  private async deviations(part: Part, kept: KeptGeneration): Promise<readonly Deviation[]> {
    switch (part) {
      case "files":
        return observeFiles(this.host, kept);
      case "settings":
        return observeSettings(this.host, kept);
      case "routes":
        return observeRouting(this.host, kept);
      case "rules":
        return this.rules === null ? [] : ruleDeviations(kept, this.rules);
      case "pool":
        return lookAtPool(this.host, kept);
    }
  }

  /** The generation that runs, or null; what tells of changes follows it. */
  private async generation(): Promise<KeptGeneration | null> {
    if (this.kept !== null) return this.kept;
    const kept = await readKept(this.host).catch((error: unknown) => {
      this.log.error({ err: error }, "the generation cannot be read");
      this.tell("files", [damage]);
      return null;
    });
    await this.endSignals();
    if (kept === null) return null;
    // What was read before belongs to another generation.
    this.rules = null;
    await this.kernelRules.now();
    this.kept = kept;
    for (const part of all) this.due.add(part);
    this.signals = new Signals(kept, (what) => this.signalled(what), this.chores, this.log);
    return kept;
  }

  private signalled(what: Part | "generation"): void {
    if (what === "generation") this.kept = null;
    this.want(...(what === "generation" ? all : [what]));
  }

  private async endSignals(): Promise<void> {
    await this.signals?.stop();
    this.signals = null;
  }
}
