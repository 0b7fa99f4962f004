import type { Finding, FindingKind } from "../import/finding.js";
import type { Import } from "../import/import.js";
import { count, formatProblem } from "./topology-file.js";

const headings: Record<FindingKind, string> = {
  lost: "LOST: no part of the topology does this",
  look: "LOOK: a human has to see whether this is right",
  replaced: "REPLACED: holdfast has a way of its own",
};

/** The list that goes with an imported topology: each thing as FILE:LINE, what, why, and what to do. */
export function importText({ topology, findings, problems }: Import, out: string | null): string {
  const kinds: readonly FindingKind[] = ["lost", "look", "replaced"];
  const parts = kinds.flatMap((kind) => {
    const these = findings.filter((finding) => finding.kind === kind);
    return these.length === 0 ? [] : [`${headings[kind]}\n${these.map(line).join("")}\n`];
  });
  return `${parts.join("")}${topology === null ? "" : verdict(problems, out)}`;
}

const line = ({ file, line: number, what, why, cure }: Finding): string =>
  `  ${file}:${number}  ${what}: ${why}${cure === "" ? "" : `\n      ${cure}`}\n`;

function verdict(problems: Import["problems"], out: string | null): string {
  const name = out ?? "topology.yaml";
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return `${name} is valid: look at 'holdfast plan' before you apply it\n`;
  return `${name} is not valid yet\n${errors
    .map((problem) => `  ${formatProblem(name, problem)}\n`)
    .join("")}${count(errors.length, "place")} to see to; 'holdfast validate' tells when it is done\n`;
}
