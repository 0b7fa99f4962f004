import { definePage } from "../../render/template.js";
import type { Cluster } from "../../topology/cluster.js";
import { judgedText, type RandomReport, randomSum } from "../random/random-result.js";
import { nothing } from "./markup.js";
import { type RoundView, roundView } from "./round-view.js";

/** Random faults: a row for each round, and its pictures below. */
interface RandomView {
  readonly pass: boolean;
  readonly sum: string;
  readonly rounds: readonly RoundView[];
}

const sample: RandomView = {
  ...{ pass: false, sum: "5 of seed 1 in 1 rounds: 1 violations" },
  rounds: [
    {
      ...{ number: 1, anchor: "round-1", at: "now", struck: "lb-a off", pass: false, reasons: ["silent"] },
      ...{ picture: nothing, timeline: nothing, caption: "drawn" },
      events: [{ number: 1, at: "+58 ms", node: "lb-b", kind: "role", text: "lb-b is active" }],
    },
  ],
};

export const randomSection = definePage(
  "drill/random",
  sample,
  (cluster: Cluster, report: RandomReport): RandomView => ({
    pass: report.rounds.every(({ verdict }) => verdict.pass),
    sum: `${randomSum(report)}. ${judgedText(report)}`,
    rounds: report.rounds.map((round, index) => roundView(cluster, round, index)),
  }),
);
