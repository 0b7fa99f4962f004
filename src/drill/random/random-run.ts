import type { RunOptions, Subject } from "../subject.js";
import { blowsFor } from "./blows.js";
import { courseOf } from "./course.js";
import { Dice } from "./dice.js";
import { violations } from "./invariants.js";
import type { RandomResult } from "./random-result.js";
import { runRound } from "./round.js";
import { judgedOf } from "./served.js";

/** Faults in one round. */
const round = { least: 3, most: 7 };

/** So many faults, which overlap and are healed in any order; the same ones for the same seed. */
export async function* runRandom(
  faults: number,
  seed: number,
  subject: Subject,
  options: RunOptions,
): AsyncGenerator<RandomResult> {
  const { cluster } = subject.lab;
  const dice = new Dice(seed);
  for (let left = faults, number = 1; left > 0; number += 1) {
    const count = Math.min(left, dice.between(round.least, round.most));
    // Made anew each round: what one undoes is what it found in this.
    const course = courseOf(blowsFor(cluster), count, dice);
    left -= count;
    const name = `random, seed ${seed}, round ${number}`;
    const progress = (text: string) => options.progress(`round ${number}: ${text}`);
    const history = await runRound(course, subject, { ...options, progress });
    const reasons = violations(cluster, history).map(
      ({ at, text }) => `${Math.round(at)} ms after the first fault: ${text}`,
    );
    const pass = reasons.length === 0;
    progress(pass ? `${count} faults, nothing violated; ${left} to go` : `FAIL: ${reasons.join("; ")}`);
    const { timeline, begunAt } = history;
    yield {
      ...{ drill: name, injected: `${count} faults`, faults: count, timeline, verdict: { pass, reasons } },
      ...judgedOf(cluster, history),
      at: new Date(begunAt).toISOString(),
    };
    // What did not recover would be blamed on the next round.
    if (history.left.length > 0) return;
  }
}
