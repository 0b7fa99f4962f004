import { expect, test } from "vitest";
import { printableLine, printableText } from "../../src/api/printable.js";
import { routes } from "../../src/api/routes.js";

/** Clears the screen and forges a line of history; names the window; turns the reading direction around. */
const hostile = ["ok\u001b[2J\n*   14  abcdef  forged", "\u001b]0;x\u0007", "\u009b2J", "\u202egnitset"];
const proposal = {
  ...{ id: "a", coordinator: "lb-a", participants: ["lb-a"], without: [], author: "anna", message: "add c4" },
  ...{ generation: { number: 1, digest: "0" }, plans: null, confirmTimeout: null, patience: 1_000 },
};
const entry = {
  ...{ number: 1, digest: "0", at: "", author: "anna", message: "add c4", program: "0.1.0" },
  ...{ current: true, confirm_by: null },
};
const kept = routes.peerGeneration.answer.schema;

test("a reason may be in any language, and may not steer the terminals on which it is read", () => {
  const accepts = (message: string) => [
    routes.apply.body.safeParse({ topology: "x", message }).success,
    routes.rollback.body.safeParse({ message }).success,
    routes.peerPrepare.body.safeParse({ topology: "x", proposal: { ...proposal, message } }).success,
    kept.safeParse({ topology: "x", entry: { ...entry, message } }).success,
  ];
  expect(accepts("Controller 4 für Gebäude Ü, 四号 ✓")).toEqual([true, true, true, true]);
  for (const message of hostile) expect(accepts(message)).toEqual([false, false, false, false]);
});

test("the author of a peer's change is a short name, as every other name that a peer passes on", () => {
  const accepts = (author: string) => [
    routes.peerPrepare.body.safeParse({ topology: "x", proposal: { ...proposal, author } }).success,
    kept.safeParse({ topology: "x", entry: { ...entry, author } }).success,
    routes.peerTakeOver.body.safeParse({ from: "lb-a", aside: [], by: author }).success,
    routes.peerMaintenance.body.safeParse({
      notes: { "lb-a": { on: true, since: "2026-01-01T00:00:00.000Z", by: author } },
    }).success,
  ];
  expect(accepts("anna")).toEqual([true, true, true, true]);
  for (const author of [...hostile, "a".repeat(65)])
    expect(accepts(author)).toEqual([false, false, false, false]);
});

test("a rollback's reason of the greatest length still fits behind the agent's own words", () => {
  const message = `rollback to 999999999: ${"x".repeat(400)}`;
  expect(
    routes.peerPrepare.body.safeParse({ topology: "x", proposal: { ...proposal, message } }).success,
  ).toBe(true);
});

test("what is printed all the same has question marks where it would steer", () => {
  expect(printableLine("a\u001b[2J\nb\tc")).toBe("a?[2J?b?c");
  expect(printableText("a\u001b[2J\nb\tc\r\u202e")).toBe("a?[2J\nb\tc??");
});
