import type { PreflightDocument } from "../api/preflight.js";
import { printableLine } from "../api/printable.js";
import type { NodeFinding } from "./compare.js";
import { checks, type Status, worstOf } from "./finding.js";

type Paint = (style: "bold" | "red" | "green" | "cyan", text: string) => string;

/** One row a check and one column a node; below it whatever is not as it should be, with its cure. */
export function preflightText(document: PreflightDocument, paint: Paint): string {
  const nodes = document.nodes.map(({ node }) => node);
  const cell = (check: string, node: string): Status | "-" =>
    worstOf(document.findings.filter((one) => one.check === check && one.node === node)) ?? "-";
  const first = Math.max(...checks.map(({ length }) => length));
  const widths = nodes.map((node) => Math.max(node.length, "warning".length));
  const line = (name: string, cells: readonly string[], style: (text: string, of: string) => string) =>
    `  ${[name.padEnd(first), ...cells.map((text, index) => style(text.padEnd(widths[index] ?? 0), text))].join("   ")}`.trimEnd();
  const rows = checks.map((check) =>
    line(
      check,
      nodes.map((node) => cell(check, node)),
      (padded, of) => coloured(paint, padded, of),
    ),
  );
  const details = [...document.findings]
    .filter(({ status }) => status !== "ok")
    .sort((a, b) => grave.indexOf(a.status) - grave.indexOf(b.status))
    .flatMap((one) => lines(one, paint));
  const table = [line("", nodes, (padded) => paint("bold", padded)), ...rows];
  return `${[...table, "", ...details, summary(document)].join("\n")}\n`;
}

const grave: readonly Status[] = ["error", "warning", "unknown", "ok"];

function lines({ node, check, status, place, text, cure }: NodeFinding, paint: Paint): string[] {
  const head = `${coloured(paint, status, status)}  ${printableLine(`${node}  ${check}  ${place}: ${text}`)}`;
  return cure === null ? [head] : [head, `  ${printableLine(`cure: ${cure}`)}`];
}

function summary({ cluster, findings }: PreflightDocument): string {
  const count = (status: Status, noun: string): string[] => {
    const number = findings.filter((one) => one.status === status).length;
    return number === 0 ? [] : [`${number} ${noun}${number === 1 || status === "unknown" ? "" : "s"}`];
  };
  const counts = [...count("error", "error"), ...count("warning", "warning"), ...count("unknown", "unknown")];
  return `${cluster}: ${counts.length === 0 ? `all ${findings.length} findings are fine` : counts.join(", ")}`;
}

const coloured = (paint: Paint, text: string, status: string): string => {
  if (status === "ok") return paint("green", text);
  return status === "error" ? paint("red", text) : status === "warning" ? paint("bold", text) : text;
};
