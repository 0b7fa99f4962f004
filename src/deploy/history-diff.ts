import { textDiff } from "./text-diff.js";

/** A topology as it was written, and the number of the generation made of it. */
interface Written {
  readonly number: number;
  readonly topology: string | null;
}

/** Of a node's generations, newest first, the one before that of this number; undefined where it is the oldest. */
export const generationBefore = <G extends { readonly number: number }>(
  generations: readonly G[],
  number: number,
): G | undefined => generations.find((each) => each.number < number);

/** What the operator changed from one generation to the next, as a unified diff; empty when it is the same text. */
export const historyDiff = (before: Written, after: Written): string => textDiff(named(before), named(after));

const named = ({ number, topology }: Written) =>
  topology === null
    ? { name: "/dev/null", body: "" }
    : { name: `generation ${number}/topology.yaml`, body: topology };
