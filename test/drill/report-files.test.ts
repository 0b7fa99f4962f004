import { expect, test } from "vitest";
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
  expect(reportText({ results: [passed], random: null })).not.toContain("p99");
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
