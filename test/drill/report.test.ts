import { describe, expect, test } from "vitest";
import { table } from "../../src/drill/report.js";
import { failedFor, passed as result } from "./specimen.js";

describe("the table of drills", () => {
  test("puts what was seen beside what was promised", () => {
    expect(table([result])).toBe(
      [
        "drill       injected  virtual IP silent  service silent   sessions     back after  verdict",
        "power-loss  lb-a off  57 ms <= 85 ms     70 ms <= 135 ms  8 of 8 lost  90 ms       pass",
        "1 of 1 drills met their expectations.",
      ].join("\n"),
    );
  });

  test("says below it why a drill failed", () => {
    const failed = failedFor("a session never came back");
    const lines = table([result, failed]).split("\n");
    expect(lines.at(-2)).toBe("power-loss: a session never came back");
    expect(lines.at(-1)).toBe("1 of 2 drills met their expectations.");
  });
});
