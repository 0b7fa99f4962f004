import { Dice } from "./random/dice.js";

/**
 * All of them so often, round after round, each in an order of its own that follows from the seed: what a drill leaves behind
 * then meets ever another one. A single round is as it was asked for.
 */
export function inRounds<T>(all: readonly T[], times: number, seed: number): readonly T[] {
  if (times === 1) return all;
  const dice = new Dice(seed);
  return Array.from({ length: times }, () => shuffled(all, dice)).flat();
}

function shuffled<T>(all: readonly T[], dice: Dice): T[] {
  const left = [...all];
  return all.flatMap(() => left.splice(dice.below(left.length), 1));
}
