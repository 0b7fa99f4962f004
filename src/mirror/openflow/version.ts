import type { OpenFlowVersion } from "../../topology/cluster.js";

/** A version as the wire has it: the first byte of every message (OpenFlow 1.3.5, 7.1.1). */
export type WireVersion = 1 | 2 | 3 | 4 | 5 | 6;

export const versionNames: Readonly<Record<WireVersion, OpenFlowVersion>> = {
  1: "1.0",
  2: "1.1",
  3: "1.2",
  4: "1.3",
  5: "1.4",
  6: "1.5",
};

/** The greatest message type of each version, by its byte; 0 where there is no such version. */
const greatest = new Uint8Array(256);
for (const [version, type] of [
  [1, 21],
  [2, 23],
  [3, 25],
  [4, 29],
  [5, 34],
  [6, 35],
] as const)
  greatest[version] = type;

export const greatestType = (version: number): number => greatest[version] ?? 0;

export const isWireVersion = (version: number): version is WireVersion => greatestType(version) > 0;

/** Versions in which the master controller is answered; the two between were never spoken by any switch for long. */
export const answered = (version: number): boolean => version === 1 || (version >= 4 && version <= 6);
