import { expect, test } from "vitest";
import { recordWords } from "../../src/deploy/record-words.js";
import type { Phase, TransactionRecord } from "../../src/deploy/transaction.js";

const end = "2026-11-25T09:21:28.000Z";
const record = (phase: Phase): TransactionRecord => ({
  schema: "holdfast/transaction/v1",
  node: "lb-a",
  phase,
  confirmBy: end,
  proposal: {
    id: "x",
    coordinator: "lb-a",
    participants: ["lb-a", "lb-b"],
    without: [],
    generation: { number: 32, digest: "a" },
    plans: null,
    author: "anna",
    message: "",
    confirmTimeout: 10_000,
    patience: 1,
  },
});
const over = { trialEnded: true, before: 31 };

test("a node that goes back because nobody confirmed says so, and to which generation", () => {
  expect(recordWords(record("aborted"), over)).toBe(
    "generation 32 was not confirmed within 10 s: this node goes back to generation 31",
  );
});

test("a node that goes back for another reason blames no trial", () => {
  const back = "generation 32 is not kept: this node goes back to generation 31";
  expect(recordWords(record("aborted"), { ...over, trialEnded: false })).toBe(back);
  expect(recordWords(record("aborted"), { ...over, trialEnded: false, before: null })).toMatch(
    /to what it ran before$/,
  );
});

test("a trial says until when it lasts, and a kept generation that it is kept", () => {
  expect(recordWords(record("trial"), over)).toBe(
    `generation 32 runs here on trial: this node goes back at ${end} unless somebody confirms`,
  );
  expect(recordWords(record("kept"), over)).toBe("this node keeps generation 32");
});
