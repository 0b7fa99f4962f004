import { detection } from "../../topology/timing.js";
import { allowance } from "../allowance.js";
import type { Drill } from "../drill.js";
import { oneMove, telling } from "../expectation.js";
import { partition } from "../fault/partition.js";

const lasts = 5_000;

export const partitioned: Drill = {
  name: "partition",
  summary: "nothing passes between the nodes, while each still reaches everybody else",
  why: "Each takes the other for dead: two owners for as long as it lasts are what a pair cannot avoid. Adverts end it as they pass again, and the one that stays announces its addresses.",
  fault: partition,
  lasts,
  expect(cluster) {
    const moved = oneMove(cluster, detection(cluster) + allowance.takeover);
    return telling(
      {
        ...moved,
        twoOwnersAtMost: lasts + cluster.failover.advertInterval + allowance.takeover,
        bothAnswer: true,
        sessionsBackWithin: lasts + moved.sessionsBackWithin,
      },
      "role",
      "lost power or every link",
    );
  },
  watch: (cluster) => detection(cluster) + 2_000,
  deadline: 25_000,
  safe: false,
};
