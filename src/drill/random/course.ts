import type { Blow } from "./blow.js";
import type { Dice } from "./dice.js";

/** What is done next, and how many milliseconds after what was done before. */
export interface Step {
  readonly after: number;
  readonly what: "strike" | "heal";
  readonly blow: Blow;
}

/** At most so many faults are there at a time. */
const mostAtOnce = 3;

/** One in so many is a change of the topology: there is one kind of it, and of the others there are a hundred. */
const changeEvery = 6;

/** Milliseconds between two steps. */
const pause = { shortest: 50, longest: 2_500 };

/**
 * A round of faults that overlap and are healed in any order. Most of them strike one node, so that there is another one
 * which has to serve.
 *
 * @param strikes how many
 */
export function courseOf(blows: readonly Blow[], strikes: number, dice: Dice): Step[] {
  const nodes = [...new Set(blows.filter(isOfNode).flatMap(({ on }) => on))];
  const victim = dice.pick(nodes);
  const steps: Step[] = [];
  const there: Blow[] = [];
  let left = strikes;
  const step = (what: Step["what"], blow: Blow) =>
    void steps.push({ after: dice.between(pause.shortest, pause.longest), what, blow });
  while (left > 0 || there.length > 0) {
    const possible = possibleOf(blows, there);
    const strike = left > 0 && there.length < mostAtOnce && possible.length > 0;
    if (strike && (there.length === 0 || !dice.once(3))) {
      const own = possible.filter((each) => !isOfNode(each) || each.on.includes(victim));
      const changes = possible.filter(({ strikes }) => strikes === "topology");
      const likely = own.length > 0 && !dice.once(5) ? own : possible;
      const blow = dice.pick(changes.length > 0 && dice.once(changeEvery) ? changes : likely);
      there.push(blow);
      left -= 1;
      step("strike", blow);
    } else {
      const [healed] = there.splice(dice.below(there.length), 1);
      if (healed !== undefined) step("heal", healed);
    }
  }
  return steps;
}

const isOfNode = ({ strikes }: Blow): boolean => strikes === "node";

/** Nothing happens twice at a time, nothing to a machine without power, and power goes only where nothing else is wrong. */
const possibleOf = (blows: readonly Blow[], there: readonly Blow[]): Blow[] =>
  blows.filter((blow) => there.every((each) => canMeet(blow, each)));

const canMeet = (one: Blow, other: Blow): boolean =>
  !one.claims.some((claim) => other.claims.includes(claim)) &&
  (!(one.whole || other.whole) || !one.on.some((machine) => other.on.includes(machine)));
