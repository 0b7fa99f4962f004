import { expect, test } from "vitest";
import { isMet } from "../../src/drill/report.js";
import { reportFiles, reportText } from "../../src/drill/report-files.js";
import { campus } from "./campus.js";
import { failedFor, passed, reportOf } from "./specimen.js";

const hostile = `<&>"'\u0000|`;
const report = reportOf(passed, failedFor("a session never came back", hostile));
const files = reportFiles(report, campus);

test("a report is a document, a table, Markdown, JUnit's XML and a paper", () => {
  expect(Object.keys(files)).toEqual(["report.json", "report.txt", "report.md", "report.xml", "report.html"]);
  expect(JSON.parse(files["report.json"] ?? "")).toMatchObject({
    ...{ about: { versions: { keepalived: "2.2.7" }, seed: null } },
    ...{ schema: "holdfast/drills/v1", cluster: "campus", results: [{ drill: "power-loss" }, {}] },
    summary: [{ drill: "power-loss", runs: 2, met: 1 }],
  });
  expect(files["report.md"]).toContain("1 of 2 runs met their expectations.");
  expect(files["report.md"]).toContain(
    "| power-loss | 1 of 2 | virtual IP silent | 57 ms | 57 ms | 57 ms | 85 ms |",
  );
});

test("drills that were repeated have a table of what they come to", () => {
  expect(reportText(reportOf(passed))).not.toContain("p99");
  expect(reportText(report).split("\n").slice(-4)).toEqual([
    "drill       met     figure             p50    p99    most   allowed",
    "power-loss  1 of 2  virtual IP silent  57 ms  57 ms  57 ms  85 ms",
    "                    service silent     70 ms  70 ms  70 ms  135 ms",
    "                    sessions back      90 ms  90 ms  90 ms  485 ms",
  ]);
});

test("JUnit's XML has a case for each run, and nothing in a text ends its place", () => {
  const xml = files["report.xml"] ?? "";
  expect(xml).toContain('<testsuites tests="2" failures="1">');
  expect(xml.match(/<testcase /g)).toHaveLength(2);
  expect(xml).toContain(
    `<failure message="a session never came back">a session never came back\n&lt;&amp;&gt;&quot;'?|<`,
  );
  expect(xml).not.toContain("\u0000");
});

test("random rounds and a cluster that was not ready stand in each form, and nobody calls it met", () => {
  const { timeline } = passed;
  const reasons = ["40 ms after the first fault: switches had two owners"];
  const round = { drill: "random, round 1", injected: "5 faults", at: passed.at, faults: 5, timeline };
  const rounds = [{ ...round, verdict: { pass: false, reasons } }];
  const random = { seed: 7, faults: 5, rounds };
  const unready = "cluster campus cannot take a fault (lb-a and lb-b are both active)";
  const both = { ...reportOf(passed), random, unready };
  const written = reportFiles(both, campus);
  for (const name of ["report.txt", "report.md", "report.html"]) {
    expect(written[name]).toContain("5 of seed 7 in 1 rounds: 1 violations");
    expect(written[name]).toContain(unready);
  }
  expect(written["report.xml"]).toContain('<testsuites tests="3" failures="2">');
  expect([both, { ...both, random: null }, { ...both, unready: null }].map(isMet)).toEqual([
    false,
    false,
    false,
  ]);
  expect(isMet(reportOf(passed))).toBe(true);
});
