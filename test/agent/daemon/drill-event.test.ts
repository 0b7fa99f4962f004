import { expect, test } from "vitest";
import { drillEvent } from "../../../src/agent/daemon/drill-event.js";
import { routes } from "../../../src/api/routes.js";

const note = { drill: "power-loss", fault: "lb-a off" };

test("a drill's beginning says who runs it and what is broken, its end how it went", () => {
  const text = (outcome: Parameters<typeof drillEvent>[0]["outcome"]) =>
    drillEvent({ ...note, outcome }, "anna").text;
  expect(text("begins")).toBe("anna begins the drill power-loss: lb-a off");
  expect(text("passed")).toBe("the drill power-loss passed (lb-a off)");
  expect(text("failed")).toBe("the drill power-loss FAILED (lb-a off)");
  expect(text("interrupted")).toBe("the drill power-loss was interrupted (lb-a off)");
  expect(drillEvent({ ...note, outcome: "passed" }, "anna")).toMatchObject({
    kind: "drill",
    details: { ...note, outcome: "passed", by: "anna" },
  });
});

test("nothing else may be noted as a drill", () => {
  const accepts = (body: object) =>
    routes.drill.body.safeParse({ ...note, outcome: "begins", ...body }).success;
  expect(accepts({})).toBe(true);
  expect(accepts({ drill: "Power loss!" })).toBe(false);
  expect(accepts({ fault: "lb-a off\nlb-b off" })).toBe(false);
  expect(accepts({ fault: "x".repeat(201) })).toBe(false);
  expect(accepts({ outcome: "won" })).toBe(false);
});
