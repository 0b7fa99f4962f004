import type { Phase } from "./transaction.js";

/** Votes of `nodes` participants that keep a generation. Any two such sets have a node in common. */
export const votesToKeep = (nodes: number): number => Math.floor(nodes / 2) + 1;

/** Votes against it after which it can no longer be kept: 1 of 2, 2 of 3, 2 of 4, 3 of 5. */
export const votesToAbort = (nodes: number): number => nodes - votesToKeep(nodes) + 1;

/** It has voted for keeping, whatever follows. */
export const isForKeeping = (phase: Phase): boolean => phase === "deciding" || phase === "kept";

export const isAgainstKeeping = (phase: Phase): boolean => phase === "withdrawn" || phase === "aborted";

/** It has not passed the last gate: no other node can have kept, so it may go back alone. */
export const isUnready = (phase: Phase): boolean => phase === "prepared" || phase === "committed";

export const isFinal = (phase: Phase): boolean => phase === "kept" || phase === "aborted";
