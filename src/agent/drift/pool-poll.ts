import { showStanding, standingOf } from "../../deploy/pool-live.js";
import type { Host } from "../../host/host.js";
import { paths } from "../../render/paths.js";
import type { Chores } from "../chores.js";

/** Milliseconds between two questions, and for which one waits for the process to be awake. */
const polls = { every: 1_300, patience: 300 };

/** Milliseconds for which HAProxy's answer is awaited. */
const answerWithin = 2_000;

/** Asks HAProxy again and again how its servers are meant to stand: it tells nobody of changes to that. */
export class PoolPoll {
  private cancel: () => void = () => undefined;
  private stopped = false;
  private known = "";

  constructor(
    private readonly host: Pick<Host, "ask">,
    private readonly chores: Chores,
    private readonly changed: () => void,
  ) {
    void this.ask();
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  private async ask(): Promise<void> {
    const begun = performance.now();
    const standing = await this.standing();
    if (this.stopped) return;
    if (standing !== this.known) this.changed();
    this.known = standing;
    // After a slow answer later, so that it is asked for a tenth of the time at most.
    const pause = Math.max(polls.every, 10 * (performance.now() - begun));
    this.cancel = this.chores.after(pause, polls.patience, () => void this.ask());
  }

  /** While HAProxy does not tell, nothing is otherwise than it was. */
  private async standing(): Promise<string> {
    try {
      return standingOf(await this.host.ask(paths.haproxyAdmin, `${showStanding}\n`, answerWithin));
    } catch {
      return this.known;
    }
  }
}
