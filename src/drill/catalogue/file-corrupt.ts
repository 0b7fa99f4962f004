import { paths } from "../../render/paths.js";
import { driftFoundWithin } from "../allowance.js";
import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { edit } from "../fault/edit.js";

export const fileCorrupt: Drill = {
  name: "file-corrupt",
  summary: "keepalived's file is overwritten with garbage on the active node",
  why: "What runs goes on with what it read, and the agent has it read nothing: it tells of the file, and puts it back only where it is asked to heal.",
  fault: edit("active", paths.keepalivedConf, {
    words: "overwritten with garbage",
    content: () => "\u0000\u0001{{{ vrrp_instance ]\n".repeat(40),
  }),
  expect: () => telling(noMove, "drift", `${paths.keepalivedConf} was changed by hand`),
  watch: () => driftFoundWithin,
  deadline: 20_000,
  safe: false,
};
