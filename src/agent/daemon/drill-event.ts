import type { DrillNote } from "../../api/drill-note.js";
import type { Happening } from "../events/log.js";

/** A drill's beginning or end, among what it brings about on this node. */
export const drillEvent = ({ drill, fault, outcome }: DrillNote, by: string): Happening => ({
  kind: "drill",
  text:
    outcome === "begins"
      ? `${by} begins the drill ${drill}: ${fault}`
      : `the drill ${drill} ${verb[outcome]} (${fault})`,
  details: { drill, fault, outcome, by },
});

const verb = { passed: "passed", failed: "FAILED", interrupted: "was interrupted" } as const;
