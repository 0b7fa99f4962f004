import { describe, expect, test } from "vitest";
import type { Phase, Survey } from "../../src/deploy/transaction.js";
import { obstacle } from "../../src/fleet/obstacle.js";

const survey = (node: string, changes: Partial<Survey> = {}): Survey => ({
  node,
  programVersion: "1.0.0",
  current: { number: 7, digest: "7a" },
  numbers: [6, 7],
  proposed: 7,
  record: null,
  holds: 0,
  ...changes,
});

const inPhase = (node: string, phase: Phase): Survey =>
  survey(node, {
    record: {
      schema: "holdfast/transaction/v1",
      node,
      phase,
      confirmBy: phase === "trial" ? "2026-11-25T10:00:00.000Z" : null,
      proposal: {
        id: "x",
        coordinator: "lb-a",
        participants: ["lb-a", "lb-b"],
        without: [],
        generation: { number: 8, digest: "8a" },
        author: "anna",
        message: "add c4",
        plans: null,
        confirmTimeout: null,
        patience: 1,
      },
    },
  });

describe("a change may begin", () => {
  test("when every node is at rest", () => {
    expect(obstacle([survey("lb-a"), inPhase("lb-b", "kept")])).toBeNull();
    expect(obstacle([inPhase("lb-a", "aborted"), survey("lb-b")])).toBeNull();
  });

  test("but not while the nodes run different versions of the program", () => {
    expect(obstacle([survey("lb-a"), survey("lb-b", { programVersion: "1.1.0" })])).toMatch(
      /lb-a runs 1\.0\.0, lb-b runs 1\.1\.0/,
    );
  });

  test("but not while another one waits for its confirmation, which is said with its author and the two ways on", () => {
    expect(obstacle([survey("lb-a"), inPhase("lb-b", "trial")])).toBe(
      "generation 8 of anna (\"add c4\") is on trial until 2026-11-25T10:00:00.000Z: 'holdfast confirm' keeps it, 'holdfast rollback' ends it",
    );
  });

  test.each([
    ["deciding", "to keep", "confirm"],
    ["withdrawn", "against", "rollback"],
  ] as const)("but not while a node that is %s waits for the vote of another", (phase, vote, command) => {
    expect(obstacle([survey("lb-a"), inPhase("lb-b", phase)])).toBe(
      `lb-b has voted ${vote} generation 8 of anna ("add c4"), which cannot be taken back, and waits for the vote of lb-a: it ends by itself once that answers. Where it never will, 'holdfast ${command} --without lb-a' ends it`,
    );
  });

  test.each<Phase>(["prepared", "committed", "ready"])(
    "but not while another one is %s on some node",
    (phase) => {
      expect(obstacle([survey("lb-a"), inPhase("lb-b", phase)])).toMatch(
        /a change of anna \("add c4"\) is under way on lb-b, coordinated by lb-a/,
      );
    },
  );
});
