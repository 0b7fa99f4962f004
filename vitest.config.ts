import { defineConfig } from "vitest/config";

/** Servers with many clients are as much as a lab, and their engines would keep those of other tests waiting. */
const asMuchAsLabs = ["idle", "shared", "watch"].map((of) => `test/engines/vpn-${of}.test.ts`);

/** What loads a machine, or asks what a loaded one does. */
const alone = [
  "test/lab/attacks.test.ts",
  "test/lab/shared-session.test.ts",
  "test/lab/vpn-drills.test.ts",
  "test/lab/vpn-storm.test.ts",
  ...asMuchAsLabs,
];

/**
 * Engines and labs share two cores with whatever else runs: one at a time, with generous deadlines. What asks nothing of the
 * machine but to compute is had by both cores.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/engines/**", "test/lab/**", "test/machines/**", "test/browser/**"],
          testTimeout: 20_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "engines",
          include: ["test/engines/**/*.test.ts"],
          exclude: asMuchAsLabs,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "lab",
          include: ["test/lab/**/*.test.ts"],
          exclude: alone,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "alone",
          include: alone,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: "machines",
          include: ["test/machines/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
