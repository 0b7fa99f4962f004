import { expect, test } from "vitest";
import { isMet } from "../../src/drill/report.js";
import { reportFiles, reportText } from "../../src/drill/report-files.js";
import { campus } from "./campus.js";
import { failedFor, passed, randomReport, reportOf } from "./specimen.js";

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
  const rounds = [{ ...round, ...{ judged: 9_000, unjudged: 900 }, verdict: { pass: false, reasons } }];
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

test("Markdown says what was run when and on what, and nothing in a sentence is markup", () => {
  const text = (of: Parameters<typeof reportFiles>[0]) => reportFiles(of, campus)["report.md"] ?? "";
  const hostileReport = reportOf(failedFor("<b>|x|\n# not a heading"));
  expect(text({ ...hostileReport, about: { ...hostileReport.about, seed: 7 } }).split("\n")).toEqual(
    expect.arrayContaining([
      "# Drills of campus: FAIL",
      "- begun 2026-11-24T23:59:50.000Z, ended 2026-11-25T00:02:00.000Z",
      expect.stringMatching(/^- topology sha256 9f86d081[0-9a-f]{56}$/),
      "- versions: holdfast 0.1.0, keepalived 2.2.7, haproxy 2.6.12, kernel 6.1.0, node 20.19.5",
      "- seed 7",
      "- power-loss, 2026-11-25T00:00:00.000Z: \\<b\\>\\|x\\| \\# not a heading",
    ]),
  );
  expect(text(reportOf(passed))).toContain("# Drills of campus: PASS");
});

test("a report of random rounds alone has no table of drills", () => {
  const alone = reportFiles({ ...reportOf(), random: randomReport }, campus);
  expect(alone["report.md"]).not.toContain("| drill |");
  expect(alone["report.md"]).not.toContain("0 of 0");
  expect(alone["report.html"]).not.toContain("<h2>Results</h2>");
  expect(alone["report.html"]).not.toContain("once each");
  for (const name of ["report.md", "report.txt", "report.html"])
    expect(alone[name]).toContain("A whole node had to serve for 18000 ms, and for 23000 ms there was none.");
});
