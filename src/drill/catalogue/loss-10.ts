import { detection } from "../../topology/timing.js";
import type { Drill } from "../drill.js";
import { lossy } from "../expectation.js";
import { loss } from "../fault/loss.js";

const lasts = 5_000;

export const loss10: Drill = {
  name: "loss-10",
  summary: "10 % of what passes between the active node and the switches are lost",
  why: "Adverts that are lost on one network move nothing while the others carry them, and TCP repeats what is lost.",
  fault: loss("active", 10),
  lasts,
  expect: () => lossy(lasts),
  watch: (cluster) => detection(cluster) + 2_000,
  deadline: 30_000,
  safe: false,
};
