import type { Logger } from "pino";
import { wantedSettings } from "../../deploy/kernel-settings.js";
import type { KeptGeneration } from "../../observe/kept-generation.js";
import type { Chores } from "../chores.js";
import type { Part } from "./drift-ledger.js";
import { FileSignals } from "./file-signals.js";
import { Follower } from "./follower.js";
import { type Glimpse, glimpse } from "./glimpse.js";

/** Milliseconds between two glimpses: what tells nobody of its changes is noticed this late. */
const glimpseEvery = 1_400;

/** Links, routes and policy rules of either family (ip-monitor(8)). */
const monitor = ["ip", "monitor", "link", "route", "rule"] as const;

/**
 * Tells which part of a generation is worth a look. Files tell of their changes at once, but for directories that were
 * away meanwhile; routes and links do; kernel settings have no voice, and are glimpsed at.
 */
export class Signals {
  private readonly files: FileSignals;
  private readonly follower: Follower;
  private last: Glimpse;
  private takeBack: () => void = () => undefined;

  /** @param changed also called for `generation` when another one becomes current */
  constructor(
    kept: KeptGeneration,
    private readonly changed: (what: Part | "generation") => void,
    private readonly chores: Chores,
    log: Logger,
  ) {
    const paths = kept.files.map(({ path }) => path);
    const keys = wantedSettings(kept.files).map(([key]) => key);
    this.files = new FileSignals(
      paths,
      () => changed("files"),
      (error) => log.warn({ err: error }, "files cannot be watched"),
    );
    this.follower = new Follower(monitor, () => changed("routes"), log);
    const look = () => glimpse(paths, keys);
    this.last = look();
    this.plan(look);
  }

  async stop(): Promise<void> {
    this.takeBack();
    this.follower.stop();
    await this.files.stop();
  }

  private plan(look: () => Glimpse): void {
    this.takeBack = this.chores.after(glimpseEvery, () => {
      this.plan(look);
      this.take(look());
    });
  }

  private take(now: Glimpse): void {
    const { last } = this;
    this.last = now;
    if (now.generation !== last.generation) this.changed("generation");
    if (now.files !== last.files) this.changed("files");
    if (now.settings !== last.settings) this.changed("settings");
  }
}
