import { ms } from "./milliseconds.js";
import { randomText } from "./random/random-result.js";
import { type DrillReport, isMet, unmeasuredIn } from "./report.js";
import { summarize } from "./summary.js";

/** A report for a wiki: what the paper has, without its pictures. */
export function markdown(report: DrillReport): string {
  const { cluster, results, random, unready } = report;
  const failures = results.flatMap(({ drill, at, verdict }) =>
    verdict.reasons.map((reason) => `${drill}, ${at}: ${reason}`),
  );
  const parts = [
    [`# Drills of ${plain(cluster)}: ${isMet(report) ? "PASS" : "FAIL"}`],
    facts(report),
    unready === null ? [] : [plain(`Ended early: ${unready}`)],
    results.length === 0 ? [] : drills(results),
    list(failures),
    list(unmeasuredIn(results)),
    random === null ? [] : list(randomText(random).split("\n")),
  ];
  return `${parts
    .filter(({ length }) => length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function facts({ about }: DrillReport): string[] {
  const { begun, ended, topologyDigest, seed } = about;
  const versions = Object.entries(about.versions).map(([program, version]) => `${program} ${version}`);
  return list([
    `begun ${begun}, ended ${ended}`,
    `topology sha256 ${topologyDigest}`,
    ...(versions.length === 0 ? [] : [`versions: ${versions.join(", ")}`]),
    ...(seed === null ? [] : [`seed ${seed}`]),
  ]);
}

function drills(results: DrillReport["results"]): string[] {
  const met = results.filter(({ verdict }) => verdict.pass).length;
  const rows = summarize(results).flatMap(({ drill, runs, met, figures }) =>
    figures.map(({ name, p50, p99, worst, atMost }) =>
      row([drill, `${met} of ${runs}`, name, ms(p50), ms(p99), ms(worst), ms(atMost)].map(plain)),
    ),
  );
  return [
    `${met} of ${results.length} runs met their expectations.`,
    "",
    row(["drill", "met", "figure", "p50", "p99", "most", "allowed"]),
    "|---|---|---|---|---|---|---|",
    ...rows,
  ];
}

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const list = (sentences: readonly string[]): string[] => sentences.map((sentence) => `- ${plain(sentence)}`);

/** One line in which nothing is markup, of Markdown or of HTML. */
const plain = (text: string): string => text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>|&~#]/g, "\\$&");
