import { expect, test } from "vitest";
import { explained } from "../../src/drill/explain.js";
import { everyDrill } from "../../src/drill/offered.js";
import { campus } from "./campus.js";

test.each(everyDrill)("$name is told in sentences: what breaks, why, and how it is mended", (drill) => {
  const [first = "", , why = "", then = ""] = explained(drill, null).split("\n");
  expect(first).toBe(`${drill.name}: ${drill.summary}.`);
  expect(why).toMatch(/^[A-Z].*\.$/);
  expect(then).toMatch(
    /^(Then|After \d+ s) .+\. Where not all is well \d+ s after the fault, the drill has failed\.$/,
  );
});

test("with a topology's own times", () => {
  const [drill] = everyDrill;
  if (drill === undefined) throw new Error("there is no drill");
  expect(explained(drill, campus)).toContain(`What may be noticed in ${campus.name}, at most:\ndrill `);
});
