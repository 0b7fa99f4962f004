import { detection } from "../../topology/timing.js";
import type { Drill } from "../drill.js";
import { lossy } from "../expectation.js";
import { loss } from "../fault/loss.js";

const lasts = 5_000;

export const loss30: Drill = {
  name: "loss-30",
  summary: "30 % of what passes between the active node and the switches are lost",
  why: "Three adverts in a row are lost now and then on that network, not on all of them at once: the sync group stays. TCP repeats what is lost.",
  fault: loss("active", 30),
  lasts,
  expect: () => lossy(lasts),
  watch: (cluster) => detection(cluster) + 2_000,
  deadline: 30_000,
  safe: false,
};
