import { paths } from "../../render/paths.js";
import { driftFoundWithin } from "../allowance.js";
import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { edit } from "../fault/edit.js";

export const fileEdited: Drill = {
  name: "file-edited",
  summary: "somebody edits HAProxy's file by hand on the active node",
  why: "Nobody reads it before the next reload. The agent compares it with the generation's own copy, and tells what was changed.",
  fault: edit("active", paths.haproxyCfg, {
    words: "edited",
    content: (body) => `${body}# a note by hand\n`,
  }),
  expect: () => telling(noMove, "drift", `${paths.haproxyCfg} was changed by hand`),
  watch: () => driftFoundWithin,
  deadline: 20_000,
  safe: false,
};
