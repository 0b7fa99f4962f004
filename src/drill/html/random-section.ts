import { definePage } from "../../render/template.js";
import { type RandomReport, randomSum } from "../random/random-result.js";
import { moment } from "./words.js";

/** Random faults, a row for each round. */
interface RandomView {
  readonly pass: boolean;
  readonly sum: string;
  readonly rounds: readonly RoundRow[];
}

interface RoundRow {
  readonly number: number;
  readonly at: string;
  /** Every fault, in the order in which they came. */
  readonly struck: string;
  readonly pass: boolean;
  readonly reasons: readonly string[];
}

const sample: RandomView = {
  ...{ pass: false, sum: "5 of seed 1 in 1 rounds: 1 violations" },
  rounds: [{ number: 1, at: "now", struck: "lb-a off", pass: false, reasons: ["silent"] }],
};

export const randomSection = definePage(
  "drill/random",
  sample,
  (report: RandomReport): RandomView => ({
    pass: report.rounds.every(({ verdict }) => verdict.pass),
    sum: `${randomSum(report)}.`,
    rounds: report.rounds.map(({ at, timeline, verdict: { pass, reasons } }, index) => ({
      ...{ number: index + 1, at: moment(at), pass, reasons },
      struck: timeline.faults.map(({ text }) => text).join("; "),
    })),
  }),
);
