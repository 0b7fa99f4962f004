import type { Cluster } from "../topology/cluster.js";
import { aligned } from "./aligned.js";
import { page } from "./html/page.js";
import { junit } from "./junit.js";
import { markdown } from "./markdown.js";
import { ms } from "./milliseconds.js";
import { randomText } from "./random/random-result.js";
import { type DrillReport, table } from "./report.js";
import { type DrillSummary, type Figure, summarize } from "./summary.js";

/** A report as files of a folder: for programs, for people, for a wiki, for a CI server, and as a paper to be signed. */
export const reportFiles = (report: DrillReport, cluster: Cluster): Readonly<Record<string, string>> => ({
  "report.json": `${JSON.stringify({ schema: "holdfast/drills/v1", ...report, summary: summarize(report.results) }, null, 2)}\n`,
  "report.txt": `${reportText(report)}\n`,
  "report.md": markdown(report),
  "report.xml": junit(report),
  "report.html": page.render(report, cluster),
});

/** Every run, and where drills were repeated what they come to. */
export function reportText({
  results,
  random,
  unready,
}: Pick<DrillReport, "results" | "random" | "unready">): string {
  const parts = [
    ...(results.length > 0 ? [drillsText(results)] : []),
    ...(random ? [randomText(random)] : []),
    ...(unready === null ? [] : [`Ended early: ${unready}`]),
  ];
  return parts.join("\n\n");
}

function drillsText(results: DrillReport["results"]): string {
  const summaries = summarize(results);
  if (summaries.every(({ runs }) => runs === 1)) return table(results);
  const rows = summaries.flatMap((summary) =>
    summary.figures.map((figure, index) => row(summary, figure, index)),
  );
  return [
    table(results),
    "",
    ...aligned(["drill", "met", "figure", "p50", "p99", "most", "allowed"], rows),
  ].join("\n");
}

function row(
  { drill, met, runs }: DrillSummary,
  { name, p50, p99, worst, atMost }: Figure,
  index: number,
): string[] {
  const who = index === 0 ? [drill, `${met} of ${runs}`] : ["", ""];
  return [...who, name, ms(p50), ms(p99), ms(worst), ms(atMost)];
}
