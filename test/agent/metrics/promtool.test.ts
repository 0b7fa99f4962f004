import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { metricsText } from "../../../src/agent/metrics/metrics.js";
import { specimen } from "../../../src/manual/reference/metrics-specimen.js";

/** What Prometheus' own checker says of a scrape. @throws where it finds something */
const checked = (text: string): string =>
  execFileSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8", stdio: "pipe" });

test("promtool has nothing against a scrape: names, units, kinds and words are as Prometheus wants them", async () => {
  expect(checked(await metricsText(specimen))).toBe("");
});

test("and would say what it has", () => {
  const text = "# HELP holdfast_gap_milliseconds a gap\n# TYPE holdfast_gap_milliseconds gauge\n";
  expect(() => checked(`${text}holdfast_gap_milliseconds 1\n`)).toThrow(/use base unit "seconds"/);
});
