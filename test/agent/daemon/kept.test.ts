import { expect, test } from "vitest";
import { keptGeneration } from "../../../src/agent/daemon/node-files.js";
import { transactionOf } from "../../../src/agent/daemon/node-report.js";
import type { Phase } from "../../../src/deploy/transaction.js";
import { FleetInMemory, grown, pairText } from "../../fleet/fleet-in-memory.js";

/** A node on which generation 2 runs, and its record of that change in any phase. */
async function changed() {
  const fleet = await FleetInMemory.running(pairText, "lb-a", "lb-b");
  await fleet.apply({ topology: grown(pairText) });
  const record = await fleet.member("lb-b").record();
  if (record === null) throw new Error("lb-b took part in a change");
  return { host: fleet.node("lb-b").host, inPhase: (phase: Phase) => ({ ...record, phase }) };
}

test("a node keeps what runs there, but for a change that has not ended, or that it has still to put back", async () => {
  const { host, inPhase } = await changed();
  const kept = async (phase: Phase, ending: boolean) =>
    (await keptGeneration(host, inPhase(phase), ending))?.entry.number;
  expect(await kept("kept", false)).toBe(2);
  expect(await kept("kept", true)).toBe(2);
  expect(await kept("ready", false)).toBe(1);
  expect(await kept("deciding", false)).toBe(1);
  // Peers that asked in this moment caught up to what nobody had taken.
  expect(await kept("aborted", true)).toBe(1);
});

test("a change counts as under way until its final word is carried out on the machine", async () => {
  const { inPhase } = await changed();
  expect(transactionOf(inPhase("deciding"), false)).toMatchObject({ phase: "deciding", confirm_by: null });
  expect(transactionOf(inPhase("aborted"), true)).toMatchObject({ phase: "aborted", confirm_by: null });
  expect(transactionOf(inPhase("aborted"), false)).toBeNull();
  expect(transactionOf(inPhase("kept"), false)).toBeNull();
  expect(transactionOf(inPhase("trial"), false)).toMatchObject({ phase: "trial" });
});
