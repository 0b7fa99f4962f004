import { showStanding, standingOf } from "../../deploy/pool-live.js";
import type { Host } from "../../host/host.js";
import { paths } from "../../render/paths.js";
import type { Chores } from "../chores.js";

/** Milliseconds between two questions; after a slow answer more, so that it is asked for a tenth of the time at most. */
const pollEvery = 1_400;

/** Milliseconds for which HAProxy's answer is awaited. */
const answerWithin = 2_000;

/** Asks HAProxy again and again how its servers are meant to stand: it tells nobody of changes to that. */
export class PoolPoll {
  private takeBack: () => void = () => undefined;
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
    this.takeBack();
  }

  private async ask(): Promise<void> {
    const begun = performance.now();
    const standing = await this.standing();
    if (this.stopped) return;
    if (standing !== this.known) this.changed();
    this.known = standing;
    const pause = Math.max(pollEvery, 10 * (performance.now() - begun));
    this.takeBack = this.chores.after(pause, () => void this.ask());
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
