import type { Progress } from "../fleet/progress.js";

/** One line of `apply` as it happens. */
export function progressLine(progress: Progress): string {
  const { node } = progress;
  switch (progress.kind) {
    case "recovered":
      return line("recover", node, "ok", "an interrupted apply was put back first");
    case "prepared":
      return line("prepare", node, `ok ${seconds(progress.took)}`, checked(progress.checked));
    case "refused":
      return line("prepare", node, "refused", progress.refusals.map(({ engine }) => engine).join(", "));
    case "committed":
      return line("commit", node, `ok ${seconds(progress.took)}`, files(progress.changes));
    case "failed":
      return line(progress.stage, node, "failed", "");
    case "restored":
      return line("restore", node, "ok", "as it was before");
  }
}

const line = (verb: string, node: string, outcome: string, remark: string): string =>
  `  ${verb.padEnd(8)}  ${node}  ${outcome}${remark === "" ? "" : `   ${remark}`}\n`;

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

const checked = (engines: readonly string[]): string =>
  engines.length === 0 ? "" : `checked: ${engines.join(", ")}`;

const files = (changes: number): string => `${changes} file${changes === 1 ? "" : "s"} changed`;
